/** For tests: a stream manager without a network. The test says what arrives. */
import type { BusMessage, FeedMessage } from '@pulsewire/shared-schema';
import type {
  LatencyReport,
  StreamEvents,
  StreamManager,
  StreamManagerOptions,
  StreamState,
} from '@pulsewire/shared-schema/client';
import { LiveStore } from '../live/live-store.js';
import type { HostView } from '../live/views.js';
import { createManualPageClock, type ManualPageClock, START_MS } from './manual-clock.test-support.js';

type Listeners = { [E in keyof StreamEvents]: Set<StreamEvents[E]> };

export class FakeStream implements StreamManager {
  state: StreamState = { name: 'idle' };
  latency: LatencyReport = { p50Ms: null, p99Ms: null, samples: 0, clockOffsetMs: null, roundTripMs: null };
  readonly calls: string[] = [];
  readonly #listeners: Listeners = {
    state: new Set(),
    message: new Set(),
    feed: new Set(),
    latency: new Set(),
  };

  constructor(readonly options: StreamManagerOptions) {}

  open = () => this.#note('open');
  close = () => this.#note('close');
  retryNow = () => this.#note('retryNow');
  setKey = (key: string) => this.#note(`setKey ${key}`);
  select = () => this.#note('select');

  on<E extends keyof StreamEvents>(event: E, listener: StreamEvents[E]): () => void {
    const set = this.#listeners[event] as Set<StreamEvents[E]>;
    set.add(listener);
    return () => set.delete(listener);
  }

  get listenerCount(): number {
    return Object.values(this.#listeners).reduce((sum, set) => sum + set.size, 0);
  }

  become(state: StreamState): void {
    this.state = state;
    for (const listener of this.#listeners.state) listener(state);
  }

  say(message: FeedMessage): void {
    for (const listener of this.#listeners.feed) listener(message);
  }

  send(message: BusMessage, receivedAtMs: number, snapshot = false): void {
    for (const listener of this.#listeners.message) listener({ message, snapshot, receivedAtMs });
  }

  #note(call: string): void {
    this.calls.push(call);
  }
}

export interface Stand {
  readonly clock: ManualPageClock;
  readonly stream: FakeStream;
  readonly store: LiveStore;
  /** Sends a message that arrives now. */
  send(message: BusMessage, snapshot?: boolean): void;
  hello(overrides?: Partial<Extract<FeedMessage, { type: 'hello' }>['data']>): void;
  snapshot(...messages: BusMessage[]): void;
  /** The view after everything pending was flushed. */
  settle(): LiveStore['view'] extends () => infer V ? V : never;
  host(name?: string): HostView;
}

/** A store that reads a fake stream which is live. */
export function createStand(): Stand {
  const clock = createManualPageClock();
  const stream = new FakeStream({ url: 'ws://gateway/feed', key: 'k' });
  const store = new LiveStore(clock);
  store.attach(stream);
  stream.become({ name: 'live', sinceMs: START_MS });
  const stand: Stand = {
    clock,
    stream,
    store,
    send: (message, snapshot = false) => stream.send(message, clock.nowMs(), snapshot),
    hello: (overrides = {}) =>
      stream.say({
        type: 'hello',
        data: {
          client_id: 'c1',
          server_time: iso(clock.nowMs()),
          version: '0.1.0',
          heartbeat_ms: 20_000,
          limits: { messages_per_second: 200, max_payload_bytes: 65_536 },
          resumed: 'none',
          state: 'live',
          ...overrides,
        },
      }),
    snapshot(...messages) {
      stream.say({ type: 'snapshot', data: { phase: 'begin' } });
      for (const message of messages) stand.send(message, true);
      stream.say({ type: 'snapshot', data: { phase: 'end' } });
    },
    settle() {
      clock.advance(250);
      return store.view();
    },
    host(name = 'web-01') {
      const found = stand.settle().hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`no host ${name}`);
      return found;
    },
  };
  return stand;
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
