/** Every refusal of the handshake, as a program sees it that is not ours. */
import { request } from 'node:http';
import { STREAM_PATH, STREAM_PATH_ALIAS } from '@pulsewire/shared-schema';
import { afterEach, expect, it } from 'vitest';
import { openSocket, refusalOf } from '../support/websocket.js';
import { describeGateway, KEY, type RunningGateway, runOnMemoryBus, WRONG_KEY } from './support/gateway.js';
import { answerTo, handshakeText } from './support/raw.js';

let running: RunningGateway;

afterEach(() => running.stop());

/** Status and error code of an upgrade that is refused. */
async function refused(query: string, headers: Record<string, string> = {}) {
  const refusal = await refusalOf(`ws://127.0.0.1:${running.port}${STREAM_PATH}${query}`, { headers });
  return { ...refusal, error: (JSON.parse(refusal.body) as { error: string }).error };
}

function plain(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${running.port}${path}`, init);
}

/** A body with an upgrade request, which `fetch` does not send. */
function postUpgrade(port: number): Promise<{ status: number; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: '127.0.0.1', port, path: STREAM_PATH, method: 'POST' },
      headers: { connection: 'upgrade', upgrade: 'websocket', 'x-api-key': KEY },
    });
    asked.once('response', (response) =>
      resolve({ status: response.statusCode ?? 0, allow: response.headers.allow }),
    );
    asked.once('error', reject);
    asked.end();
  });
}

describeGateway('a refusal', () => {
  it.each([
    ['HTTP/1.0', handshakeText().replace('HTTP/1.1', 'HTTP/1.0')],
    ['no Host', handshakeText({ Host: undefined })],
  ])('GW-6: an upgrade with %s, refused', async (_what, text) => {
    running = await runOnMemoryBus();
    expect(await answerTo(running.port, text)).toMatch(/^HTTP\/1\.1 (426|505|400) /);
  });

  it('GW-4: no key, 401 with the scheme', async () => {
    running = await runOnMemoryBus();
    const { status, error, headers } = await refused('');
    expect([status, error, headers['www-authenticate']]).toEqual([401, 'unauthorized', 'Bearer']);
  });

  it('GW-4: a wrong key by each way, 401', async () => {
    running = await runOnMemoryBus();
    const protocol = `pulsewire.v1, key.${Buffer.from(WRONG_KEY).toString('base64url')}`;
    const answers = await Promise.all([
      refused(`?api_key=${WRONG_KEY}`),
      refused('', { 'x-api-key': WRONG_KEY }),
      refused('', { authorization: `Bearer ${WRONG_KEY}` }),
      refused('', { 'sec-websocket-protocol': protocol }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('GW-5: a page of another origin, 403', async () => {
    running = await runOnMemoryBus({ settings: { allowedOrigins: ['https://status.example.org'] } });
    const answer = await refused(`?api_key=${KEY}`, { origin: 'https://evil.example' });
    expect([answer.status, answer.error]).toEqual([403, 'forbidden_origin']);
  });

  it.each(['https://status.example.org', 'own'])('GW-5: the origin %s, connected', async (origin) => {
    running = await runOnMemoryBus({ settings: { allowedOrigins: ['https://status.example.org'] } });
    const own = `http://127.0.0.1:${running.port}`;
    const client = await openSocket(running.url(), { headers: { origin: origin === 'own' ? own : origin } });
    expect((await client.first(() => true)).type).toBe('hello');
    await client.close();
  });

  it('GW-1: an upgrade elsewhere, 404', async () => {
    running = await runOnMemoryBus();
    const { status, body } = await refusalOf(`ws://127.0.0.1:${running.port}/elsewhere?api_key=${KEY}`);
    expect([status, JSON.parse(body).error]).toEqual([404, 'not_found']);
  });

  it.each([STREAM_PATH, STREAM_PATH_ALIAS])('GW-6: a plain GET of %s with a good key, 426', async (path) => {
    running = await runOnMemoryBus();
    const response = await plain(path, { headers: { 'x-api-key': KEY } });
    const { error } = (await response.json()) as { error: string };
    expect([response.status, error, response.headers.get('upgrade')]).toEqual([
      426,
      'upgrade_required',
      'websocket',
    ]);
  });

  it('GW-2: a plain GET with a wrong key, 401 as in the handshake', async () => {
    running = await runOnMemoryBus();
    expect((await plain(STREAM_PATH, { headers: { 'x-api-key': WRONG_KEY } })).status).toBe(401);
  });

  it('GW-8: POST with an upgrade or without, 405 that allows the same', async () => {
    running = await runOnMemoryBus();
    const { status, headers } = await plain(STREAM_PATH, { method: 'POST', headers: { 'x-api-key': KEY } });
    const allowed = { status: 405, allow: 'GET, HEAD' };
    expect(await postUpgrade(running.port)).toEqual(allowed);
    expect({ status, allow: headers.get('allow') }).toEqual(allowed);
  });

  it('GW-7: bad options, 400 that names each field', async () => {
    running = await runOnMemoryBus();
    const { status, body } = await refused(`?api_key=${KEY}&topics=nonsense&rate=0&after=x`);
    const { details } = JSON.parse(body) as { details: { field: string }[] };
    expect([status, details.map(({ field }) => field)]).toEqual([400, ['topics', 'after', 'rate']]);
  });

  it('GW-11: the eleventh request after ten wrong keys, 429 even with a good key', async () => {
    running = await runOnMemoryBus();
    for (let index = 0; index < 10; index += 1) await refused('', { 'x-api-key': `${WRONG_KEY}${index}` });
    const { status, error, headers } = await refused('', { 'x-api-key': KEY });
    expect([status, error]).toEqual([429, 'too_many_failures']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
  });

  it('GW-12: a forged X-Forwarded-For does not help', async () => {
    running = await runOnMemoryBus();
    for (let index = 0; index < 10; index += 1)
      await refused('', { 'x-api-key': WRONG_KEY, 'x-forwarded-for': `192.0.2.${index}` });
    expect((await refused('', { 'x-api-key': KEY, 'x-forwarded-for': '192.0.2.99' })).status).toBe(429);
  });

  it('GW-14: through a trusted proxy, ten wrong keys of one client block it and nobody else', async () => {
    running = await runOnMemoryBus({ settings: { trustedProxies: ['127.0.0.0/8'] } });
    const by = (address: string, key: string) => ({
      'x-api-key': key,
      'x-forwarded-for': `203.0.113.${key.length}, ${address}`,
    });
    for (let index = 0; index < 10; index += 1) await refused('', by('192.0.2.1', WRONG_KEY));
    const answers = [await refused('', by('192.0.2.1', KEY)), await refused('', by('192.0.2.2', WRONG_KEY))];
    expect(answers.map(({ status }) => status)).toEqual([429, 401]);
  });

  it('GW-9: the 101st client, 503; a place that is given up is free at once', async () => {
    running = await runOnMemoryBus();
    const clients = await Promise.all(Array.from({ length: 100 }, () => openSocket(running.url())));
    const { status, error, headers } = await refused(`?api_key=${KEY}`);
    expect([status, error, Number(headers['retry-after']) > 0]).toEqual([503, 'too_many_clients', true]);
    await clients.pop()?.close();
    const next = await openSocket(running.url());
    expect((await next.first(() => true)).type).toBe('hello');
    expect((await refused(`?api_key=${KEY}`)).status).toBe(503);
    expect(await running.metric('clients')).toBe(100);
  });

  it('GW-9: clients that come and go by the hundred, never refused below the limit', async () => {
    running = await runOnMemoryBus({ settings: { maxClients: 2 } });
    const steady = await openSocket(running.url());
    for (let round = 0; round < 100; round += 1) {
      const client = await openSocket(running.url());
      if (round % 2 === 0) await client.close();
      else {
        client.socket.terminate();
        await client.closed;
      }
    }
    expect(steady.socket.readyState).toBe(steady.socket.OPEN);
  });

  it('GW-3: the answer is whole HTTP that ends with the connection', async () => {
    running = await runOnMemoryBus();
    const answer = await answerTo(running.port, handshakeText({ 'X-API-KEY': undefined }));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(head.toLowerCase()).toContain(`content-length: ${body.length}`);
    expect(head.toLowerCase()).toContain('connection: close');
    expect(JSON.parse(body)).toEqual({ error: 'unauthorized', message: 'an API key is required' });
  });

  it.each([
    ['Sec-WebSocket-Version', '12'],
    ['Sec-WebSocket-Key', undefined],
    ['Upgrade', 'h2c'],
    ['Sec-WebSocket-Protocol', ',,'],
  ])('GW-6: %s: %s, 426', async (name, value) => {
    running = await runOnMemoryBus();
    expect(await answerTo(running.port, handshakeText({ [name]: value }))).toMatch(/^HTTP\/1\.1 426 /);
  });

  it('GW-10: while the gateway stops, 503', async () => {
    running = await runOnMemoryBus();
    const clients = await Promise.all(Array.from({ length: 50 }, () => openSocket(running.url())));
    const stopped = running.gateway.stop();
    const { status, error } = await refused(`?api_key=${KEY}`);
    expect([status, error]).toEqual([503, 'shutting_down']);
    await stopped;
    const codes = await Promise.all(clients.map(({ closed }) => closed.then(({ code }) => code)));
    expect(new Set(codes)).toEqual(new Set([1012]));
  });

  it('GW-93: refusals are counted by code', async () => {
    running = await runOnMemoryBus();
    await refused('');
    expect(await running.metric('handshakes_refused_total', 'code="unauthorized"')).toBe(1);
  });
});
