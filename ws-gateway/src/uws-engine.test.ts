import { connect } from 'node:net';
import {
  createHealth,
  createHttpHost,
  createLifecycle,
  createMetrics,
  type Health,
  sendHttpError,
  silentLogger,
} from '@pulsewire/runtime';
import { CLOSE_CODES, LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { ASYNCAPI_PATH } from '@pulsewire/shared-schema/asyncapi';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createAsyncApiRoute } from './asyncapi-route.js';
import type { Connection } from './engine.js';
import { describeEngine } from './engine-contract.test-support.js';
import { createPacket } from './packet.js';
import { readSelection } from './selection.js';
import { settled } from './testing/deferred.js';
import { describeUws } from './testing/describe-uws.test-support.js';
import { createUwsHost } from './uws-engine.js';
import type { UwsModule } from './uws-module.js';

const HIDDEN = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'uwebsockets'];

const everything = readSelection({});
if (!everything.ok) throw new Error('bad selection');
const { selection } = everything;

function startUws(uws: UwsModule, port = 0, health = createHealth()) {
  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  const address = { host: '127.0.0.1', port };
  return createUwsHost({ uws, ...address, logger: silentLogger, health, metrics });
}

/** The engine's server and the one of the other processes, with the same health. */
async function startBoth(uws: UwsModule, health: Health = createHealth()) {
  const lifecycle = createLifecycle();
  health.register('bus', () => ({ status: 'down', sinceMs: 0, cause: 'test' }));
  const own = lifecycle.own(startUws(uws, 0, health));
  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  const address = { host: '127.0.0.1', port: 0 };
  const plain = lifecycle.own(createHttpHost({ ...address, logger: silentLogger, health, metrics }));
  plain.get(ASYNCAPI_PATH, createAsyncApiRoute());
  plain.get(STREAM_PATH, (_request, response) => sendHttpError(response, 'not_ready', 'not asked'));
  const unasked = () => {
    throw new Error('nobody asks for the stream');
  };
  own.createEngine({ decide: unasked, open: unasked });
  const ports = [(await plain.listen()).port, (await own.listen()).port];
  return { ports, stop: () => lifecycle.stop() };
}

async function answerOf(port: number, method: string, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  const headers = [...response.headers].filter(([name]) => !HIDDEN.includes(name));
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
}

/** What comes until the connection ends. */
async function allOf(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
  let received = '';
  for await (const bytes of socket) received += String(bytes);
  return received;
}

function packet(...texts: string[]) {
  return createPacket(texts.map((text) => Buffer.from(text)));
}

describeUws('the engine', (uws) => {
  describeEngine('uWebSockets.js', async (handler) => {
    const host = startUws(uws);
    const engine = host.createEngine(handler);
    const { port } = await host.listen();
    return { port, stop: () => engine.stop() };
  });

  /** An engine with so many clients: their connections, and what each peer receives. */
  async function startWithClients(count: number) {
    const host = startUws(uws);
    const connections: Connection[] = [];
    const engine = host.createEngine({
      decide: () => ({
        accept: true,
        admission: { keyName: 'test', selection, after: null, protocol: null },
      }),
      open(connection) {
        connections.push(connection);
        return { onMessage() {}, onPong() {}, onClose() {} };
      },
    });
    const { port } = await host.listen();
    const received: string[][] = [];
    const closed: Promise<unknown>[] = [];
    while (received.length < count) {
      const texts: string[] = [];
      received.push(texts);
      const socket = new WebSocket(`ws://127.0.0.1:${port}${STREAM_PATH}`);
      socket.on('message', (data) => texts.push(String(data)));
      socket.on('ping', (data) => texts.push(`(${data})`));
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      await new Promise((resolve) => socket.once('open', resolve));
    }
    while (connections.length < count) await settled();
    return {
      connections,
      audience: engine.createAudience?.(),
      async stop() {
        for (const connection of connections) connection.close(CLOSE_CODES.serviceRestart, 'done');
        await Promise.all(closed);
        await engine.stop();
        return received;
      },
    };
  }

  it('GW-51: an audience, each member gets all in the order of what it is sent besides', async () => {
    const { audience, connections, stop } = await startWithClients(2);
    for (const connection of connections) audience?.add(connection);
    audience?.write(packet('1', '2'), () => {});
    for (const connection of connections) connection.write(packet('3'));
    audience?.write(packet('4'), () => {});
    audience?.delete(connections[1] as Connection);
    audience?.write(packet('5'), () => {});
    const received = await stop();
    expect(received.map(({ length }) => length).sort()).toEqual([4, 5]);
    for (const texts of received) expect(['1', '2', '3', '4', '5'].slice(0, texts.length)).toEqual(texts);
  });

  it('GW-107: what is to be done behind the next packet, done behind it and before what comes then', async () => {
    const { audience, connections, stop } = await startWithClients(2);
    for (const connection of connections) audience?.add(connection);
    const [first] = connections;
    first?.behindNext?.(() => first.ping('mark'));
    audience?.write(packet('1', '2'), () => {});
    audience?.write(packet('3'), () => {});
    const received = (await stop()).map((texts) => texts.join(' '));
    expect(received.sort()).toEqual(['1 2 (mark) 3', '1 2 3']);
  });

  it('GW-55: 600 clients, more comes in the midst of a round, each gets all in order, before the goodbye, too', async () => {
    const { audience, connections, stop } = await startWithClients(600);
    for (const connection of connections) audience?.add(connection);
    const written = new Promise<void>((resolve) => audience?.write(packet('1'), resolve));
    audience?.write(packet('2', '3'), () => {});
    for (const connection of [connections[0], connections.at(-1)]) connection?.write(packet('4'));
    await written;
    audience?.write(packet('5'), () => {});
    const received = (await stop()).map((texts) => texts.join(' '));
    const ahead = received.filter((text) => text === '1 2 3 4 5').length;
    expect([ahead, received.filter((text) => text === '1 2 3 5').length]).toEqual([2, 598]);
  });

  it.each([
    ['GET', '/healthz'],
    ['HEAD', '/healthz'],
    ['POST', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/readyz?verbose=1'],
    ['GET', '/metrics'],
    ['GET', '/nowhere'],
    ['DELETE', STREAM_PATH],
    ['GET', ASYNCAPI_PATH],
  ])('GW-95: %s %s, answered as the HTTP host of the other processes does', async (method, path) => {
    const { ports, stop } = await startBoth(uws);
    const [expected, own] = await Promise.all(ports.map((port) => answerOf(port, method, path)));
    await stop();
    expect(own).toEqual(expected);
  });

  it.each(['/healthz', '/nowhere', STREAM_PATH])(
    'GW-95: a body for %s that is announced as too large, 413 and the connection ends',
    async (path) => {
      const { ports, stop } = await startBoth(uws);
      const text = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${LIMITS.bodyBytes + 1}\r\n\r\n`;
      const answers = await Promise.all(ports.map((port) => allOf(port, text)));
      await stop();
      const told = answers.map((answer) => [answer.split('\r\n')[0], answer.split('\r\n\r\n')[1]]);
      expect([told[0]?.[0], told[0]]).toEqual(['HTTP/1.1 413 Payload Too Large', told[1]]);
    },
  );

  it('GW-95: an answer that cannot be made, 500 and the server goes on', async () => {
    const health = createHealth();
    health.describe('broken', () => {
      throw new Error('broken');
    });
    const { ports, stop } = await startBoth(uws, health);
    const [expected, own] = await Promise.all(ports.map((port) => answerOf(port, 'GET', '/readyz')));
    await stop();
    expect([own?.status, own]).toEqual([500, expected]);
  });

  it('GW-95: the port is taken, told with its code', async () => {
    const { ports, stop } = await startBoth(uws);
    const late = startUws(uws, ports[1]);
    await expect(late.listen()).rejects.toMatchObject({ code: 'address_in_use' });
    await late.stop();
    await stop();
  });
});
