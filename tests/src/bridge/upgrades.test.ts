/** Connections that ask to become something else, by raw TCP. Rules: status-bridge/SPEC.md. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { poll, within } from '../support/within.js';
import { type BridgeRig, createRig, KEY, type RunningBridge } from './bridge-rig.js';

const HANDSHAKE = '/socket.io/?EIO=4&transport=websocket';
const MOST_OF_ADDRESS = 20;

describeWith('postgresql-server', 'the status bridge and offers to upgrade', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  beforeAll(async () => {
    rig = await createRig();
    bridge = await rig.start({ settings: { proxyHops: 1 } });
  });
  afterAll(() => rig?.stop());

  function offer(path: string, headers: Record<string, string>): { socket: Socket; answer: Promise<string> } {
    const lines = Object.entries({ host: 'a', connection: 'upgrade', ...headers });
    const text = [`GET ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''];
    const socket = connect({ host: '127.0.0.1', port: bridge.port, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(text.join('\r\n'));
    const answer = new Promise<string>((resolve) => {
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
      });
      socket.once('end', () => resolve(received));
    });
    return { socket, answer: within(answer, 5000, 'the end of the answer') };
  }

  /** Resolves once the bridge has nothing of the connection any more: what still comes, its kernel refuses. */
  async function refusedAtLast(socket: Socket): Promise<void> {
    const isGone = () => {
      socket.write('x');
      return socket.closed ? true : undefined;
    };
    await poll(isGone, { what: 'the reset', timeoutMs: 5000 });
  }

  it('SB-27: an offer of HTTP/2, answered as if there was none', async () => {
    const { answer } = offer('/api/status', { upgrade: 'h2c', 'x-api-key': KEY });
    expect(await answer).toMatch(/^HTTP\/1.1 200 OK[\s\S]*"infrastructure"/);
  });

  it.each([
    ['elsewhere', '/api/status', {}, 404],
    ['of a page that may not', HANDSHAKE, { origin: 'https://evil.example.org' }, 403],
  ])(
    'SB-27: a WebSocket %s whose peer never closes, refused and gone',
    async (_what, path, headers, status) => {
      const { socket, answer } = offer(path, { upgrade: 'websocket', ...headers });
      expect(await answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\\{"error":"`));
      await refusedAtLast(socket);
    },
  );

  it.each(['/nothing', '/api/status', HANDSHAKE])(
    'SB-27: an offer at %s that is reset at once, the bridge lives',
    async (path) => {
      for (const upgrade of ['websocket', 'h2c'])
        for (let i = 0; i < 20; i += 1) {
          const { socket } = offer(path, { upgrade, 'x-forwarded-for': `192.0.2.${i}` });
          await within(new Promise((resolve) => socket.once('connect', resolve)), 5000, 'the connection');
          socket.resetAndDestroy();
        }
      expect(await bridge.get()).toMatchObject({ status: 200 });
    },
  );

  it('SB-27: an offer behind a request that waits for its answer, cut off', async () => {
    const waiting = await rig.start({ databaseUrl: `postgresql://x:y@127.0.0.1:${await freePort()}/x` });
    const socket = connect({ host: '127.0.0.1', port: waiting.port });
    socket.on('error', () => {});
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`GET /api/status HTTP/1.1\r\nhost: a\r\nx-api-key: ${KEY}\r\n\r\n`);
    socket.write('GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    await within(ended, 5000, 'the end of the connection');
    expect(await waiting.get({ path: '/healthz' })).toMatchObject({ status: 200 });
    await waiting.stop();
  });

  it.each(['', '&sid=', '&sid=nobody', '&a=?sid=1', '&sid=x&sid='])(
    'SB-38: connections of one address with %s, no more than it may have',
    async (suffix) => {
      const address = `198.51.100.${suffix.length}`;
      const url = `ws://127.0.0.1:${bridge.port}${HANDSHAKE}${suffix}`;
      const sockets = Array.from(
        { length: MOST_OF_ADDRESS + 5 },
        () => new WebSocket(url, { headers: { 'x-forwarded-for': address } }),
      );
      const outcomes = await Promise.all(
        sockets.map(
          (socket) =>
            new Promise<boolean>((resolve) => {
              socket.once('message', () => resolve(true));
              socket.once('error', () => resolve(false));
            }),
        ),
      );
      for (const socket of sockets) socket.terminate();
      expect(outcomes.filter(Boolean).length).toBeLessThanOrEqual(MOST_OF_ADDRESS);
    },
  );

  it('SB-38: a page of another origin that names an empty sid, refused', async () => {
    const path = '/socket.io/?EIO=4&transport=polling&sid=';
    const answer = await bridge.get({ path, headers: { origin: 'https://evil.example.org' } });
    expect(answer).toMatchObject({ status: 403, body: { error: 'forbidden_origin' } });
  });
});
