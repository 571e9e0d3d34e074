import {
  createHealth,
  createHttpHost,
  createLifecycle,
  createManualClock,
  createMetrics,
  type Lifecycle,
  type ManualClock,
  parseApiKeys,
  silentLogger,
} from '@pulsewire/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiMetrics } from './api-metrics.js';
import { createFakeDatabase } from './fake-database.test-support.js';
import { createNewest } from './newest.js';
import { answerWith } from './problem.js';
import { createRestServer } from './rest-server.js';
import { ROUTES, type Route } from './routes.js';

const KEY = 'a-key-that-reads-all';
const FRIEND = 'https://friend.example.org';
const BROKEN: Route = {
  name: 'logs',
  path: '/api/broken',
  topics: [],
  answer: () => Promise.reject(new TypeError('secret reason')),
};
/** Resolves once the client of its request went away. */
let noticed = () => {};
const WAITING: Route = {
  ...BROKEN,
  path: '/api/waiting',
  answer: (_raw, { gone }) => new Promise(() => gone.addEventListener('abort', () => noticed())),
};
const QUICK: Route = { ...BROKEN, path: '/api/quick', answer: async () => answerWith({ quick: true }) };

describe('the HTTP edge', () => {
  let lifecycle: Lifecycle;
  let clock: ManualClock;
  let base: string;
  const metrics = () => createMetrics({ process: 'test', runtimeMetrics: false });
  beforeEach(async () => {
    lifecycle = createLifecycle();
    clock = createManualClock();
    const server = await createRestServer({
      routes: [...ROUTES, BROKEN, QUICK, WAITING],
      context: { database: createFakeDatabase(), newest: createNewest(), clock },
      keys: () => parseApiKeys(`all:${KEY}`),
      allowedOrigins: [FRIEND],
      trustedProxies: ['127.0.0.1'],
      clock,
      logger: silentLogger,
      metrics: createApiMetrics(metrics(), { databaseUp: () => true }),
    });
    const options = { host: '127.0.0.1', port: 0, logger: silentLogger, health: createHealth() };
    const http = lifecycle.own(createHttpHost({ ...options, metrics: metrics() }));
    lifecycle.own(server);
    http.fallback(server.handle);
    base = `http://127.0.0.1:${(await http.listen()).port}`;
  });
  afterEach(() => lifecycle.stop());

  async function ask(path: string, init: RequestInit = {}) {
    const headers = { 'x-api-key': KEY, ...(init.headers as Record<string, string>) };
    const response = await fetch(base + path, { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  }

  it.each([
    ['unknown route', '/api/nothing', {}, 404, 'not_found'],
    ['wrong method', '/api/alerts', { method: 'DELETE' }, 405, 'method_not_allowed'],
    ['wrong method with a body', '/api/alerts', { method: 'POST', body: '<x/>' }, 405, 'method_not_allowed'],
    ['path that cannot be read', '/api/%ZZ', {}, 400, 'bad_request'],
    ['wrong key', '/api/alerts', { headers: { 'x-api-key': 'wrong' } }, 401, 'unauthorized'],
  ])('API-10: %s, is an error in JSON', async (_what, path, init, status, code) => {
    const answer = await ask(path, init);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { error: code, message: expect.any(String) },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('API-10: wrong method, the answer tells the right ones', async () => {
    expect((await ask('/api/logs', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD');
  });

  it('API-10: HEAD, has the headers and no body', async () => {
    const { status, headers, text } = await ask('/api/quick', { method: 'HEAD' });
    expect([status, headers.get('content-length'), text]).toEqual([200, '14', '']);
  });

  it('API-11: options that are wrong, are all in details', async () => {
    const { status, text } = await ask('/api/metrics?points=x&source=moon&limit=7');
    const { details } = JSON.parse(text) as { details: { field: string }[] };
    expect([status, details.map(({ field }) => field).sort()]).toEqual([400, ['points', 'source']]);
  });

  it('API-14: handler that fails, is 500 without the reason', async () => {
    const { status, text } = await ask('/api/broken');
    expect([status, JSON.parse(text).error, text.includes('secret')]).toEqual([500, 'internal_error', false]);
  });

  it('API-16: client that goes away, whoever answers it knows', async () => {
    const leaving = new AbortController();
    const known = new Promise<void>((resolve) => {
      noticed = resolve;
    });
    const asked = fetch(`${base}/api/waiting`, { headers: { 'x-api-key': KEY }, signal: leaving.signal });
    await ask('/api/quick');
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await expect(known).resolves.toBeUndefined();
  });

  it('API-3: ten wrong keys, the good one is refused for a minute, too', async () => {
    for (let i = 0; i < 10; i += 1) await ask('/api/quick', { headers: { 'x-api-key': 'wrong' } });
    const blocked = await ask('/api/quick');
    clock.advance(60_000);
    const free = await ask('/api/quick');
    expect([blocked.status, blocked.headers.get('retry-after'), free.status]).toEqual([429, '60', 200]);
  });

  it('API-7: ten wrong keys of one client of a proxy, others of it are let in', async () => {
    const from = (address: string, key: string) =>
      ask('/api/quick', { headers: { 'x-api-key': key, 'x-forwarded-for': `203.0.113.1, ${address}` } });
    for (let i = 0; i < 10; i += 1) await from('192.0.2.1', 'wrong');
    const statuses = await Promise.all([from('192.0.2.1', KEY), from('192.0.2.2', KEY)]);
    expect(statuses.map(({ status }) => status)).toEqual([429, 200]);
  });

  it('API-5: page of an allowed origin, is told that it may ask with a key', async () => {
    const preflight = await fetch(`${base}/api/quick`, {
      method: 'OPTIONS',
      headers: {
        origin: FRIEND,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect([
      preflight.status,
      preflight.headers.get('access-control-allow-origin'),
      preflight.headers.get('access-control-allow-headers'),
    ]).toEqual([204, FRIEND, 'x-api-key, authorization']);
    const answer = await ask('/api/quick', { headers: { origin: FRIEND } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
  });

  it('API-5: page of another origin, is not told that it may read', async () => {
    const { headers } = await ask('/api/quick', { headers: { origin: 'https://other.example.org' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('API-6: one request more than a minute allows, is 429 and says when to come again', async () => {
    for (let i = 0; i < 1200; i += 1) await ask('/api/quick');
    const { status, headers, text } = await ask('/api/quick');
    expect([status, JSON.parse(text).error]).toEqual([429, 'too_many_requests']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
