/** For the tests of the stream client: a clock that stands still, sockets without a network, a played gateway. */
import type { BusMessage } from '../messages.js';
import { createStreamManager } from './stream-manager.js';
import type { Received, SocketLike, StreamClock, StreamManagerOptions, StreamState } from './types.js';

export const START_MS = Date.UTC(2026, 0, 17, 4, 30);

export interface TestClock extends StreamClock {
  advance(byMs: number): void;
  /** Sets the wall clock without time passing, as NTP or a user would. */
  jump(byMs: number): void;
  /** Lets time pass with all timers late: they run only at the end. */
  block(forMs: number): void;
  readonly scheduled: number;
}

export function createTestClock(): TestClock {
  const tasks = new Set<{ dueMs: number; run: () => void }>();
  let elapsedMs = 0;
  let startMs = START_MS;

  function runDue(untilMs: number, moves: boolean): void {
    for (;;) {
      const due = [...tasks].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined) return;
      if (moves) elapsedMs = Math.max(elapsedMs, due.dueMs);
      tasks.delete(due);
      due.run();
    }
  }

  return {
    nowMs: () => startMs + elapsedMs,
    after(delayMs, run) {
      const task = { dueMs: elapsedMs + delayMs, run };
      tasks.add(task);
      return () => {
        tasks.delete(task);
      };
    },
    advance(byMs) {
      const untilMs = elapsedMs + byMs;
      runDue(untilMs, true);
      elapsedMs = untilMs;
    },
    jump(byMs) {
      startMs += byMs;
    },
    block(forMs) {
      elapsedMs += forMs;
      runDue(elapsedMs, false);
    },
    get scheduled() {
      return tasks.size;
    },
  };
}

export class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: { type: string; data: Record<string, unknown> }[] = [];
  ended = false;

  constructor(
    readonly url: URL,
    readonly protocols: readonly string[],
  ) {}

  send(text: string): void {
    if (this.ended) throw new Error('the socket is closed');
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.ended = true;
  }

  /** The server accepts the handshake. */
  accept(): void {
    this.onopen?.({});
  }

  frame(type: string, data: object, rest: object = {}): void {
    this.text(JSON.stringify({ type, data, ...rest }));
  }

  text(data: unknown): void {
    this.onmessage?.({ data });
  }

  message(message: BusMessage): void {
    this.text(JSON.stringify(message));
  }

  snapshot(messages: readonly BusMessage[]): void {
    this.frame('snapshot', { phase: 'begin' });
    for (const message of messages) this.message(message);
    this.frame('snapshot', { phase: 'end' });
  }

  /** The server, or the network, ends the connection. */
  end(code: number): void {
    this.ended = true;
    this.onclose?.({ code, reason: '' });
  }
}

export interface Stand {
  clock: TestClock;
  sockets: FakeSocket[];
  /** Sockets that the manager has not ended. */
  readonly open: FakeSocket[];
  readonly last: FakeSocket;
  states: StreamState[];
  received: Received[];
  manager: ReturnType<typeof createStreamManager>;
  /** Answers the oldest open probe. */
  answerProbe(status: number | null): Promise<void>;
  readonly probes: number;
  wake(): void;
  readonly listensForWakeUps: boolean;
  /** Accepts the newest connection and says hello. */
  goLive(hello?: Record<string, unknown>): FakeSocket;
}

export const HELLO = {
  client_id: 'c1',
  server_time: '2026-01-17T04:30:00.000Z',
  version: '0.1.0',
  heartbeat_ms: 20_000,
  limits: { messages_per_second: 200, max_payload_bytes: 65_536 },
  resumed: 'none',
  state: 'live',
};

export function createStand(options: Partial<StreamManagerOptions> = {}): Stand {
  const clock = createTestClock();
  const sockets: FakeSocket[] = [];
  const states: StreamState[] = [];
  const received: Received[] = [];
  const answers: ((status: number | null) => void)[] = [];
  const wakes = new Set<() => void>();
  const manager = createStreamManager({
    url: 'ws://127.0.0.1:8080/api/system/ws',
    key: 'a-key-of-sixteen+',
    jitter: 0,
    clock,
    connect(url, protocols) {
      const socket = new FakeSocket(new URL(url), protocols);
      sockets.push(socket);
      return socket;
    },
    probe: () => new Promise((resolve) => answers.push(resolve)),
    wakeUps(wake) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    ...options,
  });
  manager.on('state', (state) => states.push(state));
  manager.on('message', (message) => received.push(message));
  const stand: Stand = {
    clock,
    sockets,
    states,
    received,
    manager,
    get open() {
      return sockets.filter((socket) => !socket.ended);
    },
    get last() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('nothing was connected yet');
      return socket;
    },
    async answerProbe(status) {
      answers.shift()?.(status);
      await Promise.resolve();
      await Promise.resolve();
    },
    get probes() {
      return answers.length;
    },
    wake() {
      for (const wake of [...wakes]) wake();
    },
    get listensForWakeUps() {
      return wakes.size > 0;
    },
    goLive(hello = {}) {
      const socket = stand.last;
      socket.accept();
      socket.frame('hello', { ...HELLO, ...hello });
      return socket;
    },
  };
  return stand;
}

/** A CPU sample; `atMs` is its time and, unless given, the time of its id. */
export function sample(atMs: number, id: string | null = `${atMs}-0`, host = 'alpha'): BusMessage {
  return {
    type: 'system_metric',
    data: {
      time: new Date(atMs).toISOString(),
      metric_type: 'cpu',
      value: 45.2,
      source: 'host',
      meta: { unit: 'percent', host },
    },
    ...(id === null ? {} : { id }),
  };
}

/** `data` of the 503 packet, and of the `status` that ends it. */
export const OUTAGE = {
  code: 503,
  message: 'Service Unavailable',
  time: '2026-01-17T04:30:00.900Z',
  cause: 'redis_unavailable',
  since: '2026-01-17T04:29:59.000Z',
  last_message_at: '2026-01-17T04:29:58.500Z',
  retry_after_ms: 10_000,
};
export const BACK = {
  code: 200,
  message: 'OK',
  since: '2026-01-17T04:30:05Z',
  outage_ms: 6000,
  recovered: 2,
};

/** A stand whose first connection is live. */
export function liveStand(options: Partial<StreamManagerOptions> = {}, hello: Record<string, unknown> = {}) {
  const stand = createStand(options);
  stand.manager.open();
  const socket = stand.goLive(hello);
  return { stand, socket };
}
