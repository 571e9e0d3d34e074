/** What is refused over HTTP, and in which shape. Rules: status-bridge/SPEC.md. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { within } from '../support/within.js';
import { type BridgeRig, createRig, type RunningBridge } from './bridge-rig.js';

const PROXIED = { settings: { proxyHops: 1 } };

describeWith('postgresql-server', 'the edges of the status bridge over HTTP', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  beforeAll(async () => {
    rig = await createRig();
  });
  beforeEach(async () => {
    bridge = await rig.start(PROXIED);
  });
  afterEach(() => bridge.stop());
  afterAll(() => rig?.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  /** Sends bytes as they are; resolves with the answer once the bridge ended the connection. */
  function answerTo(text: string): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: bridge.port }, () => socket.write(text));
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
      });
      socket.once('error', reject);
      socket.once('close', () => resolve(received));
    });
    return within(answer, 10_000, 'the end of the answer');
  }

  it('SB-20: no key, 401', async () => {
    expect(await bridge.get({ key: null })).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
  });

  it('SB-20: ten wrong keys from one address, 429 for it with any key and for nobody else', async () => {
    for (let i = 0; i < 10; i += 1) {
      const wrong = await bridge.get({ key: `wrong-key-${i}`, headers: from('192.0.2.1') });
      expect(wrong).toMatchObject({ status: 401 });
    }
    const { status, headers, body } = await bridge.get({ headers: from('192.0.2.1') });
    expect([status, body['error']]).toEqual([429, 'too_many_failures']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await bridge.get({ headers: from('192.0.2.2') })).toMatchObject({ status: 200 });
  });

  it('SB-22, SB-25: one address asks too often, 429 with a time; forged entries before it change nothing', async () => {
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, i) => bridge.get({ headers: from(`203.0.113.${i}, 192.0.2.3`) })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ error: 'too_many_requests' });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await bridge.get({ headers: from('192.0.2.4') })).toMatchObject({ status: 200 });
  });

  it.each([
    ['an unknown route', '/api/nothing', 'GET', 404, 'not_found'],
    ['a path outside of it', '/api/status/', 'GET', 404, 'not_found'],
    ['another method', '/api/status', 'DELETE', 405, 'method_not_allowed'],
    ['another method with a body', '/api/status', 'POST', 405, 'method_not_allowed'],
    ['an address that cannot be read', '/%zz', 'GET', 400, 'bad_request'],
  ])('SB-23: %s, in the shape of the contract', async (_what, path, method, status, error) => {
    const answer = await bridge.get({ path, method });
    expect([answer.status, answer.body]).toEqual([status, { error, message: expect.any(String) }]);
  });

  it.each([
    ['no HTTP', 'HELO bridge\r\n\r\n', 400],
    ['a header without end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 400],
    [
      'a body that is no JSON',
      'POST /api/status HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{',
      400,
    ],
    [
      'a body of another kind',
      'POST /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: image/png\r\ncontent-length: 1\r\n\r\n{',
      404,
    ],
    [
      'a body too large',
      'POST /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n{',
      413,
    ],
  ])('SB-23: %s, refused and the bridge lives', async (_what, text, status) => {
    const answer = await answerTo(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\\{"error":"[a-z_]+","message":"`));
    expect(await bridge.get()).toMatchObject({ status: 200 });
  });

  it('SB-26: health, readiness and metrics without a key', async () => {
    const health = await bridge.get({ path: '/healthz', key: null });
    const ready = await bridge.get({ path: '/readyz', key: null });
    const metrics = await bridge.get({ path: '/metrics', key: null });
    expect([health.body, ready.status]).toEqual([{ status: 'alive' }, 200]);
    expect(ready.body).toMatchObject({ ready: true, facts: { host: expect.any(String) } });
    expect(metrics.body['text']).toContain('pulsewire_bridge_questions_total');
  });
});
