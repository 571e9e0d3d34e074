/**
 * A WebSocket client that is not ours: `ws` and nothing of the stream client, so that a test of the gateway cannot
 * be right by sharing a mistake. Everything received is kept; waiting looks at what came before, too.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { within } from './within.js';

/** A received JSON message. `data` is for the test to look into. */
export interface WireMessage {
  type: string;
  id?: string;
  data: Record<string, unknown>;
}

export interface Refusal {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface TestSocket {
  readonly socket: WebSocket;
  readonly messages: readonly WireMessage[];
  /** The frames as they came, in step with `messages`. */
  readonly frames: readonly string[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** The first message, past or future, that fits. Each call may find the same one. Rejects after 10 s. */
  first(fits: (message: WireMessage) => boolean, timeoutMs?: number): Promise<WireMessage>;
  /** Like `first`, but only among messages that no earlier `next` has passed. */
  next(fits: (message: WireMessage) => boolean, timeoutMs?: number): Promise<WireMessage>;
  send(message: unknown): void;
  close(): Promise<void>;
}

/** Connects; rejects when the server refuses (see {@link refusalOf}) or does not answer. */
export async function openSocket(
  url: string,
  options: ClientOptions & { protocols?: string[] } = {},
): Promise<TestSocket> {
  const { protocols = [], ...clientOptions } = options;
  const socket = new WebSocket(url, protocols, clientOptions);
  const client = collect(socket);
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  await within(opened, 10_000, `a connection to ${withoutQuery(url)}`);
  socket.on('error', () => undefined);
  return client;
}

/** Connects, expecting a refusal, and resolves with the HTTP answer. Rejects when the upgrade succeeds. */
export function refusalOf(url: string, options: ClientOptions = {}): Promise<Refusal> {
  const socket = new WebSocket(url, options);
  const refused = new Promise<Refusal>((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => {
      socket.terminate();
      reject(new Error(`${withoutQuery(url)} accepted the connection`));
    });
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
  });
  return within(refused, 10_000, `a refusal of ${withoutQuery(url)}`);
}

function collect(socket: WebSocket): TestSocket {
  const messages: WireMessage[] = [];
  const frames: string[] = [];
  const waiting = new Set<() => void>();
  let passed = 0;
  socket.on('message', (bytes) => {
    frames.push(bytes.toString());
    messages.push(JSON.parse(bytes.toString()) as WireMessage);
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });

  function find(from: number, fits: (message: WireMessage) => boolean, timeoutMs: number): Promise<number> {
    let look = () => {};
    let position = from;
    const found = new Promise<number>((resolve, reject) => {
      look = () => {
        for (; position < messages.length; position += 1) {
          const message = messages[position];
          if (message !== undefined && fits(message)) return resolve(position);
        }
      };
      waiting.add(look);
      look();
      void closed.then(({ code }) => reject(new Error(`closed (${code}) before the message came`)));
    });
    const received = () => `received: ${messages.map(({ type }) => type).join(', ')}`;
    return within(found, timeoutMs, 'an expected message', received).finally(() => waiting.delete(look));
  }

  return {
    socket,
    messages,
    frames,
    closed,
    first: async (fits, timeoutMs = 10_000) => messages[await find(0, fits, timeoutMs)] as WireMessage,
    async next(fits, timeoutMs = 10_000) {
      const position = await find(passed, fits, timeoutMs);
      passed = position + 1;
      return messages[position] as WireMessage;
    },
    send: (message) => socket.send(JSON.stringify(message)),
    async close() {
      socket.close();
      await within(closed, 10_000, 'the closing handshake');
    },
  };
}

/** The query may hold a key, and error messages end up in logs. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
