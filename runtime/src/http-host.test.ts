import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LIMITS } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHealth, type DependencyState, type Health } from './health.js';
import { createHttpHost, type HttpHost, pathOf, sendJson } from './http-host.js';
import { silentLogger } from './logger.js';
import { createMetrics } from './metrics.js';

const UPGRADE = 'GET /thing HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\n';

let host: HttpHost;
let health: Health;
let base: string;
let port: number;

function createHost(onPort = 0, onHost = '127.0.0.1'): HttpHost {
  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  return createHttpHost({ host: onHost, port: onPort, logger: silentLogger, health, metrics });
}

beforeEach(async () => {
  health = createHealth();
  host = createHost();
  host.get('/thing', (_request, response) => sendJson(response, 200, { thing: 1 }));
  host.get('/broken', () => Promise.reject(new Error('secret reason')));
  ({ port } = await host.listen());
  base = `http://127.0.0.1:${port}`;
});
afterEach(() => host.stop());

/** The server's end of the next connection. */
function nextServedSocket(): Promise<Socket> {
  return new Promise((resolve) => {
    const served = (message: unknown) => {
      unsubscribe('net.server.socket', served);
      resolve((message as { socket: Socket }).socket);
    };
    subscribe('net.server.socket', served);
  });
}

async function ask(path: string, method = 'GET') {
  const response = await fetch(base + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('HTTP host', () => {
  it('RT-27: a route, answers GET whatever the query, and HEAD without a body', async () => {
    expect(JSON.parse((await ask('/thing?api_key=x')).text)).toEqual({ thing: 1 });
    const head = await ask('/thing', 'HEAD');
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '11']);
  });

  it('RT-28: another method, is 405 in JSON and says what is allowed', async () => {
    const { status, headers, text } = await ask('/thing', 'POST');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(JSON.parse(text)).toMatchObject({ error: 'method_not_allowed' });
  });

  it('RT-29: an unknown path, is 404 in JSON, unless the fallback takes it', async () => {
    const { status, text } = await ask('/nothing');
    expect([status, JSON.parse(text).error]).toEqual([404, 'not_found']);
    host.fallback((_request, response) => sendJson(response, 200, 'page'));
    expect((await ask('/nothing')).text).toBe('"page"');
  });

  it('RT-30: a handler that fails, is 500 in JSON without its reason, and the server goes on', async () => {
    const { status, text } = await ask('/broken');
    expect([status, JSON.parse(text).error]).toEqual([500, 'internal_error']);
    expect(text).not.toContain('secret');
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('RT-31: readyz, is 503 while a critical dependency is down, and tells since when and why', async () => {
    let state: DependencyState = { status: 'down', sinceMs: 0, cause: 'canary_timeout' };
    health.register('bus', () => state);
    health.register('docker', () => ({ status: 'down', sinceMs: 0, cause: 'absent' }), { critical: false });
    health.describe('clients', () => 3);
    const down = await ask('/readyz');
    expect([down.status, JSON.parse(down.text)]).toEqual([
      503,
      {
        ready: false,
        dependencies: {
          bus: { status: 'down', since: '1970-01-01T00:00:00.000Z', cause: 'canary_timeout' },
          docker: { status: 'down', since: '1970-01-01T00:00:00.000Z', cause: 'absent' },
        },
        facts: { clients: 3 },
      },
    ]);
    state = { status: 'up', sinceMs: 0, cause: null };
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('RT-32: metrics, are in the Prometheus format', async () => {
    const { status, headers } = await ask('/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  });

  it('RT-33: an address in use, is refused with a code that says so', async () => {
    await expect(createHost(port).listen()).rejects.toMatchObject({ code: 'address_in_use' });
  });

  it('RT-33: an address that is none of the machine, is refused with the variable to mend', async () => {
    const elsewhere = createHost(0, '192.0.2.1');
    await expect(elsewhere.listen()).rejects.toMatchObject({
      code: 'address_unusable',
      message: expect.stringContaining('set HOST'),
    });
  });

  it('RT-88: a header line behind 3,000 others, is read', async () => {
    host.get('/last', (request, response) => sendJson(response, 200, { last: request.headers['x-last'] }));
    const socket = connect({ host: '127.0.0.1', port });
    socket.end(`GET /last HTTP/1.1\r\nHost: x\r\n${'a:\r\n'.repeat(3000)}X-Last: here\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"last":"here"\}/);
  });

  it('RT-34: bytes that are not HTTP, are answered 400 and do no harm', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.end('\u0000\u0001 nonsense\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 [\s\S]*\{"error":"bad_request"/);
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('RT-35: stop, ends idle and upgraded connections, too', async () => {
    const upgraded = new Promise<void>((resolve) => {
      host.onUpgrade((_request, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        resolve();
      });
    });
    const client = connect({ host: '127.0.0.1', port });
    client.write('GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    await upgraded;
    const closed = once(client.resume(), 'close');
    await host.stop();
    await closed;
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });

  it('RT-47: an offer of another protocol, is declined and the request answered', async () => {
    host.onUpgrade((_request, socket) => socket.destroy());
    const socket = connect({ host: '127.0.0.1', port });
    socket.write('GET /thing HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
    const chunks = await socket.toArray();
    expect(Buffer.concat(chunks).toString()).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*\{"thing":1\}$/i,
    );
  });

  it.each([
    ['nonsense', '\u0000\u0001 nonsense\r\n\r\n'],
    ['another protocol', `${UPGRADE}upgrade: h2c\r\n\r\n`],
  ])('RT-48: %s from a peer that never closes, leaves no connection', async (_what, bytes) => {
    host.onUpgrade((_request, socket) => socket.destroy());
    const served = nextServedSocket();
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.write(bytes);
    const closed = once(await served, 'close');
    await once(socket.resume(), 'end');
    expect(await closed).toEqual([false]);
    socket.destroy();
  });

  it.each(['h2c', 'websocket'])(
    'RT-49: an offer of %s before the last answer came, ends only that connection',
    async (protocol) => {
      const upgraded = vi.fn();
      host.onUpgrade(upgraded);
      host.get('/slow', () => new Promise(() => {}));
      const socket = connect({ host: '127.0.0.1', port });
      socket.write(`GET /slow HTTP/1.1\r\nhost: x\r\n\r\n${UPGRADE}upgrade: ${protocol}\r\n\r\n`);
      const chunks = await socket.toArray();
      expect([chunks.length, upgraded.mock.calls.length]).toEqual([0, 0]);
      expect((await ask('/healthz')).status).toBe(200);
    },
  );

  it.each(['/thing', '/nothing'])(
    'RT-8: a body for %s that is announced as too large, is 413',
    async (path) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${LIMITS.bodyBytes + 1}\r\n\r\n`);
      const answer = Buffer.concat(await socket.toArray()).toString();
      expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*"error":"body_too_large"/i);
    },
  );

  it('RT-9: a body without end, is answered and cut off', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write('POST /thing HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 405 /);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const send = () => void (socket.writable && socket.write(chunk, send));
    send();
    await closed;
    expect((await ask('/thing')).status).toBe(200);
  });

  it('RT-9: a small body, is thrown away and the connection goes on', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.write('GET /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
    socket.write('GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });

  it.each([
    ['/a/b?api_key=x', '/a/b'],
    ['/a#x', '/a'],
    ['?x', ''],
    [undefined, '/'],
  ])('RT-36: the path of %s, is %s', (url, path) => {
    expect(pathOf({ url })).toBe(path);
  });
});
