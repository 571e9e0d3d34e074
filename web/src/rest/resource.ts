/**
 * One question that is asked until it is answered, and again when its answer has become old. What was answered
 * before stays while a newer answer is on its way or fails to come: it is then told to be of before.
 */
import type { PageClock } from '../platform/clock.js';
import { CAN_RECOVER, type RestFailure } from './failure.js';
import type { RestAnswer } from './rest-client.js';

export interface ResourceView<T> {
  /** `null` before the first answer. */
  readonly data: T | null;
  /** When the answer came, epoch milliseconds; `null` before the first one. */
  readonly atMs: number | null;
  /** Why the last question has none; `null` when it has one, or is still on its way for the first time. */
  readonly failure: RestFailure | null;
  readonly loading: boolean;
}

/** Waits before asking again after a failure; the last one repeats. */
export const RETRY_STEPS_MS = [2000, 5000, 10_000, 30_000] as const;

export interface ResourceOptions<T> {
  readonly clock: PageClock;
  readonly load: (signal: AbortSignal) => Promise<RestAnswer<T>>;
  /** How long an answer is new; `null`: for ever. `answers`: how many there have been, this one included. */
  readonly refreshMs: (data: T, answers: number) => number | null;
}

export class Resource<T> {
  #view: ResourceView<T> = { data: null, atMs: null, failure: null, loading: true };
  readonly #options: ResourceOptions<T>;
  readonly #listeners = new Set<() => void>();
  #failures = 0;
  #answers = 0;
  #asking: AbortController | null = null;
  #cancelTimer: (() => void) | null = null;

  constructor(options: ResourceOptions<T>) {
    this.#options = options;
  }

  readonly view = (): ResourceView<T> => this.#view;

  /** Asks for as long as somebody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#ask();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  };

  /** Asks at once instead of when it is due. */
  readonly askNow = (): void => {
    this.#rest();
    if (this.#listeners.size > 0) void this.#ask();
  };

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    this.#show({ ...this.#view, loading: true });
    const answer = await this.#options.load(asking.signal);
    if (asking.signal.aborted) return;
    this.#asking = null;
    if (answer.ok) this.#take(answer.data);
    else this.#takeFailure(answer.failure);
  }

  #take(data: T): void {
    const { clock, refreshMs } = this.#options;
    this.#failures = 0;
    this.#answers += 1;
    this.#askAfter(refreshMs(data, this.#answers));
    this.#show({ data, atMs: clock.nowMs(), failure: null, loading: false });
  }

  #takeFailure(failure: RestFailure): void {
    const step = Math.min(this.#failures, RETRY_STEPS_MS.length - 1);
    this.#failures += 1;
    if (CAN_RECOVER[failure.kind])
      this.#askAfter(failure.kind === 'throttled' ? failure.retryAfterMs : (RETRY_STEPS_MS[step] ?? null));
    this.#show({ ...this.#view, failure, loading: false });
  }

  #askAfter(delayMs: number | null): void {
    if (delayMs === null) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = null;
      void this.#ask();
    });
  }

  #rest(): void {
    this.#asking?.abort();
    this.#asking = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #show(view: ResourceView<T>): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}
