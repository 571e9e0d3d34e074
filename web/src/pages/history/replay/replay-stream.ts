/** A stream that brings what a player hands to it: the live store reads it like any other. */
import type { BusMessage, FeedMessage, Topic } from '@pulsewire/shared-schema';
import type {
  LatencyReport,
  StreamEvents,
  StreamManager,
  StreamState,
} from '@pulsewire/shared-schema/client';

type Listeners = { [E in keyof StreamEvents]: Set<StreamEvents[E]> };

export class ReplayStream implements StreamManager {
  state: StreamState = { name: 'idle' };
  readonly latency: LatencyReport = {
    p50Ms: null,
    p99Ms: null,
    samples: 0,
    clockOffsetMs: null,
    roundTripMs: null,
  };
  readonly #listeners: Listeners = {
    state: new Set(),
    message: new Set(),
    feed: new Set(),
    latency: new Set(),
  };

  on<E extends keyof StreamEvents>(event: E, listener: StreamEvents[E]): () => void {
    const set = this.#listeners[event] as Set<StreamEvents[E]>;
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Begins anew: what was true at `nowMs`, as a snapshot. `topics`: what is brought; all without it. */
  begin(
    nowMs: number,
    past: readonly { timeMs: number; message: BusMessage }[],
    topics: readonly Topic[] | null = null,
  ): void {
    this.#become({ name: 'live', sinceMs: nowMs });
    this.#say({
      type: 'hello',
      data: {
        client_id: 'replay',
        server_time: new Date(nowMs).toISOString(),
        version: '',
        heartbeat_ms: 1,
        limits: { messages_per_second: 1, max_payload_bytes: 1 },
        resumed: 'none',
        state: 'live',
        ...(topics === null ? {} : { topics: [...topics] }),
      },
    });
    this.#say({ type: 'snapshot', data: { phase: 'begin' } });
    for (const { timeMs, message } of past) this.#send(message, timeMs, true);
    this.#say({ type: 'snapshot', data: { phase: 'end' } });
  }

  play(timeMs: number, message: BusMessage): void {
    this.#send(message, timeMs, false);
  }

  open(): void {}
  close(): void {}
  retryNow(): void {}
  setKey(): void {}
  select(): void {}

  #become(state: StreamState): void {
    this.state = state;
    for (const listener of this.#listeners.state) listener(state);
  }

  #say(message: FeedMessage): void {
    for (const listener of this.#listeners.feed) listener(message);
  }

  #send(message: BusMessage, receivedAtMs: number, snapshot: boolean): void {
    for (const listener of this.#listeners.message) listener({ message, snapshot, receivedAtMs });
  }
}
