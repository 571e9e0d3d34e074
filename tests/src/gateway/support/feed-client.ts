/** A client of the feed that is not ours: plain `ws`, with a way to await the next message of a kind. */
import { WebSocket } from 'ws';

export interface Heard {
  /** The frame exactly as received. */
  bytes: Buffer;
  message: { type: string; id?: string; data: Record<string, unknown> };
}

export interface FeedClient {
  readonly socket: WebSocket;
  readonly heard: readonly Heard[];
  /** Resolves with the first message, heard already or not yet, for which the test holds. */
  until(test: (heard: Heard) => boolean): Promise<Heard>;
  untilType(type: string): Promise<Heard>;
  /** Resolves when the snapshot has ended. */
  ready(): Promise<void>;
  /** Resolves with the close code. */
  closed(): Promise<number>;
  send(message: unknown): void;
  /** Says goodbye and waits for the end. */
  end(): Promise<void>;
}

export function openFeed(
  url: string,
  options: { headers?: Record<string, string>; protocols?: string[] } = {},
): FeedClient {
  const socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers ?? {} });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  let closeCode: number | null = null;
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  socket.on('message', (data) => {
    const bytes = data as Buffer;
    heard.push({ bytes, message: JSON.parse(bytes.toString('utf8')) });
    wake();
  });
  socket.on('close', (code) => {
    closeCode = code;
    wake();
  });
  socket.on('error', () => {});

  function when<T>(read: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const value = read();
        if (value === undefined && closeCode === null) return;
        waiting.delete(check);
        if (value === undefined) reject(new Error(`closed with ${closeCode} before ${what}`));
        else resolve(value);
      };
      waiting.add(check);
      check();
    });
  }

  const until = (test: (heard: Heard) => boolean) => when(() => heard.find(test), 'the message came');
  const client: FeedClient = {
    socket,
    heard,
    until,
    untilType: (type) => until(({ message }) => message.type === type),
    async ready() {
      await until(({ message }) => message.type === 'snapshot' && message.data['phase'] === 'end');
    },
    closed: () => when(() => closeCode ?? undefined, 'it was closed'),
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async end() {
      socket.close();
      await client.closed();
    },
  };
  return client;
}
