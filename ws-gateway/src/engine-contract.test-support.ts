/** What every engine must do, over real sockets: one suite, run once for each engine. */
import { CLOSE_CODES, STREAM_PATH, STREAM_PATH_ALIAS, STREAM_SUBPROTOCOL } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Connection, EngineHandler } from './engine.js';
import type { Admission, HandshakeDecision, HandshakeRequest } from './handshake.js';
import { createPacket } from './packet.js';
import { readSelection } from './selection.js';

export interface RunningEngine {
  port: number;
  stop(): Promise<void>;
}

export type StartEngine = (handler: EngineHandler) => Promise<RunningEngine>;

/** One client's connection as the engine reported it. */
interface Opened {
  connection: Connection;
  messages: { text: string; binary: boolean }[];
  /** Resolves with the close code. */
  closed: Promise<number>;
  /** Resolves when `count` messages have come. */
  heard(count: number): Promise<void>;
  /** Resolves with what the first pong brings back. */
  ponged: Promise<string>;
}

const LARGE = createPacket([Buffer.alloc(1024 * 1024, 'x')]);

const REFUSED: HandshakeDecision & { accept: false } = {
  accept: false,
  failedKey: false,
  refusal: {
    code: 'unauthorized',
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    body: { error: 'unauthorized', message: 'no 한 key' },
  },
};

export function describeEngine(name: string, startEngine: StartEngine): void {
  describe(`the engine ${name}`, () => {
    let decide: (request: HandshakeRequest) => HandshakeDecision;
    let opened: Opened[];
    let engine: RunningEngine;

    beforeEach(async () => {
      decide = () => ({ accept: true, admission: admission(null) });
      opened = [];
      engine = await startEngine({
        decide: (request) => decide(request),
        open(connection) {
          const { entry, handler } = record(connection);
          opened.push(entry);
          return handler;
        },
      });
    });

    afterEach(() => engine.stop());

    async function connect(path: string = STREAM_PATH, protocols: string[] = []) {
      const socket = new WebSocket(`ws://127.0.0.1:${engine.port}${path}`, protocols);
      socket.on('error', () => undefined);
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      return { socket, server: opened.at(-1) as Opened };
    }

    it.each([STREAM_PATH, STREAM_PATH_ALIAS])('GW-1: %s is asked about with its facts', async (path) => {
      let asked: HandshakeRequest | undefined;
      decide = (request) => {
        asked = request;
        return { accept: true, admission: admission(null) };
      };
      await connect(`${path}?rate=5`);
      expect([asked?.target, asked?.method, asked?.isUpgrade]).toEqual([`${path}?rate=5`, 'GET', true]);
      expect([asked?.remoteAddress, asked?.header('upgrade'), asked?.header('x-none')]).toEqual([
        '127.0.0.1',
        'websocket',
        undefined,
      ]);
    });

    it('GW-3: refused, the answer is the refusal over HTTP and nothing is opened', async () => {
      decide = () => REFUSED;
      const response = await refusalOf(engine.port);
      expect(response).toEqual([401, 'Bearer', REFUSED.refusal.body]);
      expect(opened.length).toBe(0);
    });

    it('GW-6: a plain request is asked about, too', async () => {
      decide = ({ isUpgrade }) => (isUpgrade ? { accept: true, admission: admission(null) } : REFUSED);
      const response = await fetch(`http://127.0.0.1:${engine.port}${STREAM_PATH}`);
      expect([response.status, await response.json()]).toEqual([401, REFUSED.refusal.body]);
    });

    it('GW-23: the admitted subprotocol is the answer', async () => {
      decide = () => ({ accept: true, admission: admission(STREAM_SUBPROTOCOL) });
      expect((await connect(STREAM_PATH, [STREAM_SUBPROTOCOL, 'x'])).socket.protocol).toBe(
        STREAM_SUBPROTOCOL,
      );
    });

    it('GW-51: a packet arrives as its messages, in order and to the byte', async () => {
      const { socket, server } = await connect();
      const sent = ['a', 'b'.repeat(126), '한'.repeat(30_000)];
      const received: string[] = [];
      const all = new Promise<void>((resolve) => {
        socket.on('message', (data) => {
          received.push(String(data));
          if (received.length === sent.length) resolve();
        });
      });
      server.connection.write(createPacket(sent.map((text) => Buffer.from(text))));
      await all;
      expect(received).toEqual(sent);
    });

    it('GW-90: packets and pings mixed, the client understands all and a pong brings its ping back', async () => {
      const { socket, server } = await connect();
      const received: string[] = [];
      socket.on('message', (data) => received.push(String(data)));
      for (let index = 0; index < 50; index += 1) {
        server.connection.write(createPacket([Buffer.from(String(index))]));
        server.connection.ping(String(index));
      }
      expect(await server.ponged).toBe('0');
      server.connection.close(CLOSE_CODES.serviceRestart, 'done');
      await server.closed;
      expect(received).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
    });

    it('GW-72: text and binary messages are told apart', async () => {
      const { socket, server } = await connect();
      socket.send('text');
      socket.send(Buffer.from('bytes'));
      await server.heard(2);
      expect(server.messages).toEqual([
        { text: 'text', binary: false },
        { text: 'bytes', binary: true },
      ]);
    });

    it('GW-75: a message above 64 KiB, closed as too big', async () => {
      const { socket } = await connect();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.send('x'.repeat(65_537));
      expect(await closed).toBe(CLOSE_CODES.tooBig);
    });

    it('GW-92: closed by the server, open no more at once and the client hears the code', async () => {
      const { socket, server } = await connect();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      server.connection.close(CLOSE_CODES.policy, 'because');
      expect(server.connection.isOpen).toBe(false);
      expect([await closed, await server.closed]).toEqual([CLOSE_CODES.policy, CLOSE_CODES.policy]);
    });

    it('GW-108: closed with much unsent, all of it and the code arrive, and then the engine stops', async () => {
      const { socket, server } = await connect();
      const { connection } = server;
      let received = 0;
      socket.on('message', () => {
        received += 1;
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.pause();
      let written = 0;
      for (; connection.bufferedBytes < LARGE.bytes; written += 1) connection.write(LARGE);
      connection.close(CLOSE_CODES.serviceRestart, 'service restart');
      connection.write(LARGE);
      expect([connection.isOpen, connection.bufferedBytes >= LARGE.bytes]).toEqual([false, true]);
      socket.resume();
      expect(await server.closed).toBe(CLOSE_CODES.serviceRestart);
      const stopped = engine.stop();
      // What a peer sends to a connection that is gone would take with it what is still under way.
      socket.pong();
      expect([await closed, received]).toEqual([CLOSE_CODES.serviceRestart, written]);
      await stopped;
    });

    it('GW-108: closed with much unsent, a peer that does not take it can be cut off', async () => {
      const { socket, server } = await connect();
      const { connection } = server;
      socket.pause();
      while (connection.bufferedBytes < LARGE.bytes) connection.write(LARGE);
      connection.close(CLOSE_CODES.serviceRestart, 'service restart');
      connection.terminate();
      expect([await server.closed, connection.bufferedBytes]).toEqual([1006, 0]);
      socket.terminate();
    });

    it('GW-108: closed with much unsent, a peer that pings on and takes nothing is cut off', async () => {
      const { socket, server } = await connect();
      const { connection } = server;
      socket.pause();
      while (connection.bufferedBytes < LARGE.bytes) connection.write(LARGE);
      connection.close(CLOSE_CODES.serviceRestart, 'service restart');
      for (let count = 0; count < 20_000; count += 1) socket.ping('x'.repeat(125));
      expect([await server.closed, connection.bufferedBytes]).toEqual([1006, 0]);
      socket.terminate();
    });

    it('GW-9: closed by the client, the code is told', async () => {
      const { socket, server } = await connect();
      socket.close(CLOSE_CODES.goingAway);
      expect([await server.closed, server.connection.isOpen]).toEqual([CLOSE_CODES.goingAway, false]);
    });

    it('GW-76: used after its end, nothing happens', async () => {
      const { socket, server } = await connect();
      socket.terminate();
      await server.closed;
      server.connection.write(createPacket([Buffer.from('late')]));
      server.connection.ping('late');
      server.connection.close(CLOSE_CODES.policy, 'late');
      server.connection.terminate();
      expect(server.connection.isOpen).toBe(false);
    });

    it('GW-92: stopped, who is left is cut off', async () => {
      const { server } = await connect();
      await engine.stop();
      expect(await server.closed).toBe(1006);
    });
  });
}

function admission(protocol: string | null): Admission {
  const result = readSelection({});
  if (!result.ok) throw new Error('bad selection');
  return { keyName: 'test', selection: result.selection, after: null, protocol };
}

function record(connection: Connection) {
  const messages: Opened['messages'] = [];
  const waiting = new Set<() => void>();
  let onClosed: (code: number) => void = () => {};
  let onPonged: (payload: string) => void = () => {};
  const entry: Opened = {
    connection,
    messages,
    closed: new Promise((resolve) => {
      onClosed = resolve;
    }),
    ponged: new Promise((resolve) => {
      onPonged = resolve;
    }),
    heard: (count) =>
      new Promise((resolve) => {
        const check = () => messages.length >= count && resolve();
        waiting.add(check);
        check();
      }),
  };
  const handler = {
    onMessage(frame: Buffer, binary: boolean) {
      messages.push({ text: frame.toString(), binary });
      for (const check of waiting) check();
    },
    onPong: (payload: string) => onPonged(payload),
    onClose: (code: number) => onClosed(code),
  };
  return { entry, handler };
}

/** Status, scheme and body of a refused upgrade. */
function refusalOf(port: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${STREAM_PATH}`);
    socket.on('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve([response.statusCode, response.headers['www-authenticate'], body]);
      });
    });
  });
}
