import { REFUSALS } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideHandshake, type HandshakeFacts, type HandshakeRequest } from './handshake.js';

const GOOD = 'good-key-0123456789';

interface Change extends Partial<Omit<HandshakeRequest, 'header'>> {
  headers?: Record<string, string | undefined>;
}

function request(change: Change = {}): HandshakeRequest {
  const { headers = {}, ...rest } = change;
  const all: Record<string, string | undefined> = {
    host: 'a.example',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    'x-api-key': GOOD,
    ...headers,
  };
  return {
    method: 'GET',
    target: '/api/system/ws',
    remoteAddress: '192.0.2.1',
    isUpgrade: true,
    header: (name) => all[name],
    ...rest,
  };
}

const facts: HandshakeFacts = {
  findKey: (offered) => (offered === GOOD ? { name: 'dash', digest: Buffer.alloc(0) } : undefined),
  allowedOrigins: [],
  blockedForMs: 0,
  clients: 0,
  maxClients: 100,
  shuttingDown: false,
};

function refusalOf(change: Change, factsChange: Partial<HandshakeFacts> = {}) {
  const decision = decideHandshake(request(change), { ...facts, ...factsChange });
  if (decision.accept) throw new Error('was accepted');
  return { ...decision.refusal, failedKey: decision.failedKey };
}

/** Everything wrong at once, in the order of the checks; each case mends what comes before. */
const WRONGS: [code: string, change: Change, facts: Partial<HandshakeFacts>][] = [
  ['not_found', { target: '/elsewhere' }, {}],
  ['method_not_allowed', { method: 'POST' }, {}],
  ['too_many_failures', {}, { blockedForMs: 1 }],
  ['unauthorized', { headers: { 'x-api-key': 'wrong' } }, {}],
  ['forbidden_origin', { headers: { origin: 'https://evil.example' } }, {}],
  ['upgrade_required', { headers: { upgrade: 'h2c' } }, {}],
  ['bad_request', {}, {}],
  ['shutting_down', {}, { shuttingDown: true }],
  ['too_many_clients', {}, { clients: 100 }],
];

describe('a handshake', () => {
  it('GW-1: both paths, accepted', () => {
    for (const target of ['/api/system/ws', '/ws/system?topics=alerts'])
      expect(decideHandshake(request({ target }), facts).accept).toBe(true);
  });

  it.each(['/', '/api/system/ws/', '/api/system/wsx', '/WS/system', ''])('GW-1: path %j, 404', (target) => {
    expect(refusalOf({ target }).status).toBe(404);
  });

  it.each(WRONGS.map(([code], index) => [code, index] as const))(
    'GW-2: %s and all later checks fail, %s answers',
    (code, index) => {
      const later = WRONGS.slice(index);
      const headers = Object.assign({}, ...later.map(([, change]) => change.headers ?? {}));
      const target = code === 'not_found' ? '/elsewhere' : '/api/system/ws?rate=nonsense';
      const change: Change = Object.assign({}, ...later.map(([, each]) => each), { headers, target });
      const wrongFacts: Partial<HandshakeFacts> = Object.assign({}, ...later.map(([, , each]) => each));
      const mended = index > 6 ? { ...change, target: '/api/system/ws' } : change;
      expect(refusalOf(mended, wrongFacts).code).toBe(code);
    },
  );

  it.each(Object.entries(REFUSALS))('GW-3: %s has status %d', (code, status) => {
    const wrong = WRONGS.find(([name]) => name === code);
    const { status: given, body } = refusalOf(wrong?.[1] ?? {}, wrong?.[2] ?? {});
    expect([given, body.error]).toEqual([status, code]);
  });

  it('GW-4: a wrong key, counted as failed and answered with the scheme', () => {
    const { failedKey, headers } = refusalOf({ headers: { 'x-api-key': 'wrong' } });
    expect([failedKey, headers['www-authenticate']]).toEqual([true, 'Bearer']);
  });

  it('GW-12: no key, not counted as failed', () => {
    const { failedKey, code } = refusalOf({ headers: { 'x-api-key': undefined } });
    expect([failedKey, code]).toEqual([false, 'unauthorized']);
  });

  it('GW-6: a plain request with a good key, 426 with Upgrade', () => {
    const { status, headers } = refusalOf({ isUpgrade: false });
    expect([status, headers['upgrade']]).toEqual([426, 'websocket']);
  });

  it.each([
    ['no key header', { 'sec-websocket-key': undefined }],
    ['a short key header', { 'sec-websocket-key': 'c2hvcnQ=' }],
    ['version 12', { 'sec-websocket-version': '12' }],
    ['no version', { 'sec-websocket-version': undefined }],
    ['an empty subprotocol', { 'sec-websocket-protocol': 'a,,b' }],
    ['a subprotocol twice', { 'sec-websocket-protocol': 'a, a' }],
    ['a subprotocol with a space', { 'sec-websocket-protocol': 'a b' }],
  ])('GW-6: %s, 426', (_name, headers) => {
    expect(refusalOf({ headers }).code).toBe('upgrade_required');
  });

  it('GW-7: bad options, details name each', () => {
    const { status, body } = refusalOf({ target: '/api/system/ws?topics=x&rate=y' });
    expect([status, body.details?.map(({ field }) => field)]).toEqual([400, ['topics', 'rate']]);
  });

  it('GW-11: blocked for 1.2 s more, Retry-After 2', () => {
    expect(refusalOf({}, { blockedForMs: 1200 }).headers['retry-after']).toBe('2');
  });

  it.each([{ clients: 100 }, { shuttingDown: true }])('GW-9: %j, Retry-After', (change) => {
    expect(Number(refusalOf({}, change).headers['retry-after'])).toBeGreaterThan(0);
  });

  it('GW-23: pulsewire.v1 offered, answered with it', () => {
    const headers = {
      'sec-websocket-protocol': `pulsewire.v1, key.${Buffer.from(GOOD).toString('base64url')}`,
    };
    const decision = decideHandshake(request({ headers }), facts);
    expect(decision.accept && decision.admission.protocol).toBe('pulsewire.v1');
  });

  it('GW-23: only others offered, answered with none', () => {
    const decision = decideHandshake(request({ headers: { 'sec-websocket-protocol': 'graphql-ws' } }), facts);
    expect(decision.accept && decision.admission.protocol).toBeNull();
  });

  it('GW-76: any target and headers, a decision and no throw', () => {
    const headers = fc.dictionary(
      fc.constantFrom('host', 'origin', 'upgrade', 'x-api-key', 'authorization', 'sec-websocket-protocol'),
      fc.string({ unit: 'binary' }),
    );
    const target = fc.oneof(
      fc.string(),
      fc.string().map((text) => `/api/system/ws?${text}`),
    );
    fc.assert(
      fc.property(target, headers, (path, given) => {
        const decision = decideHandshake(request({ target: path, headers: given }), facts);
        expect(decision.accept || decision.refusal.status >= 400).toBe(true);
      }),
    );
  });
});
