/** How a gateway process ends while a client does not let go: it never answers, and never closes its connection. */
import { connect, type Socket } from 'node:net';
import { CLOSE_CODES } from '@pulsewire/shared-schema';
import { afterEach, describe, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { createServerStream, OPCODE } from '../support/server-stream.js';
import { KEY } from './support/gateway.js';
import { handshakeText } from './support/raw.js';

/** Saying goodbye to so many takes a second. */
const MANY = 50;

let redis: TestRedis;
let gateway: TestProcess;
let clinging: Clinging[] = [];

afterEach(async () => {
  for (const { socket } of clinging) socket.destroy();
  clinging = [];
  await gateway.stop('SIGKILL');
  await redis.stop();
});

interface Clinging {
  socket: Socket;
  /** Resolves with the frame that says goodbye. */
  goodbye: Promise<number>;
}

async function start(engine: string): Promise<number> {
  redis = await startRedis();
  const port = await freePort();
  gateway = await startProcess(
    'node',
    [builtEntry('ws-gateway')],
    { PORT: String(port), REDIS_URL: redis.url, API_KEYS: `tests:${KEY}`, GATEWAY_ENGINE: engine },
    { readyWhen: /the gateway is listening/ },
  );
  return port;
}

/** Reads, and does nothing else, whatever it is told. */
async function cling(port: number): Promise<Clinging> {
  const options = { host: '127.0.0.1', port, allowHalfOpen: true };
  const socket = connect(options, () => socket.write(handshakeText()));
  socket.on('error', () => undefined);
  const opened = new Promise((resolve) => socket.once('data', resolve));
  const goodbye = new Promise<number>((resolve) => {
    const take = createServerStream((opcode, payload) => {
      if (opcode === OPCODE.close) resolve(payload.readUInt16BE(0));
    });
    socket.on('data', take);
  });
  await opened;
  const client = { socket, goodbye };
  clinging.push(client);
  return client;
}

function suite(engine: 'ws' | 'uws'): void {
  it('GW-92: SIGTERM, the client is told, is cut off, and the exit code is 0', async () => {
    const { goodbye, socket } = await cling(await start(engine));
    const gone = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
    gateway.signal('SIGTERM');
    expect([await goodbye, (await gateway.exited).code]).toEqual([CLOSE_CODES.serviceRestart, 0]);
    await gone;
  });

  it('GW-92, RT-41: another SIGTERM while clients are told, it ends at once', async () => {
    const port = await start(engine);
    const clients = await Promise.all(Array.from({ length: MANY }, () => cling(port)));
    gateway.signal('SIGTERM');
    await clients[0]?.goodbye;
    gateway.signal('SIGTERM');
    expect((await gateway.exited).code).toBe(1);
  });

  it('GW-92: SIGTERM while Redis is frozen and a request is half sent, it ends before its limit', async () => {
    const port = await start(engine);
    const { goodbye } = await cling(port);
    const request = connect({ host: '127.0.0.1', port }, () =>
      request.write('GET /healthz HTTP/1.1\r\nHost: x'),
    );
    request.on('error', () => undefined);
    redis.freeze();
    gateway.signal('SIGTERM');
    expect([await goodbye, (await gateway.exited).code]).toEqual([CLOSE_CODES.serviceRestart, 0]);
    request.destroy();
  });
}

describeWith('redis-server', 'a gateway process whose client does not let go', () => {
  describe('with ws', () => suite('ws'));
  describeWith('uws', 'with uWebSockets.js', () => suite('uws'));
});
