/** Plays a recording into a live store of its own, at a speed, from any moment of it. Epoch milliseconds. */
import type { Topic } from '@pulsewire/shared-schema';
import { LiveStore } from '../../../live/live-store.js';
import type { PageClock } from '../../../platform/clock.js';
import type { Span } from '../range.js';
import type { TimedMessage } from './replay-messages.js';
import { ReplayStream } from './replay-stream.js';

export const SPEEDS = [1, 2, 5, 10] as const;
export type Speed = (typeof SPEEDS)[number];

export interface ReplayState {
  readonly positionMs: number;
  readonly playing: boolean;
  readonly speed: Speed;
  /** Another number after every jump: what was drawn before it is not what came before. */
  readonly epoch: number;
}

const STEP_MS = 100;
/** A page that was hidden for long shall not jump to the end. */
const LONGEST_STEP_MS = 1000;

export class ReplayPlayer {
  readonly store: LiveStore;
  /** The page's timers, and the replay's now. */
  readonly clock: PageClock;
  readonly #base: PageClock;
  readonly #stream = new ReplayStream();
  readonly #listeners = new Set<() => void>();
  #messages: readonly TimedMessage[] = [];
  #topics: readonly Topic[] | null = null;
  #next = 0;
  #steppedAtMs = 0;
  #state: ReplayState;

  constructor(
    base: PageClock,
    readonly span: Span,
    startMs: number,
  ) {
    this.#base = base;
    this.#state = { positionMs: startMs, playing: false, speed: 1, epoch: 0 };
    this.clock = {
      nowMs: () => this.#state.positionMs,
      after: (delayMs, task) => base.after(delayMs, task),
      every: (periodMs, task) => base.every(periodMs, task),
    };
    this.store = new LiveStore(this.clock);
  }

  readonly view = (): ReplayState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns the function that ends it. */
  start(): () => void {
    const detach = this.store.attach(this.#stream);
    const stop = this.#base.every(STEP_MS, () => this.#step());
    return () => {
      stop();
      detach();
    };
  }

  /** `messages` are in order of time, and may begin before the span. `topics`: what they tell of; all without it. */
  load(messages: readonly TimedMessage[], topics: readonly Topic[] | null = null): void {
    this.#messages = messages;
    this.#topics = topics;
    this.seek(this.#state.positionMs);
  }

  seek(positionMs: number): void {
    const clamped = Math.min(Math.max(positionMs, this.span.fromMs), this.span.toMs);
    this.#next = indexAfter(this.#messages, clamped);
    this.#state = { ...this.#state, positionMs: clamped, epoch: this.#state.epoch + 1 };
    this.store.clear();
    this.#stream.begin(clamped, this.#messages.slice(0, this.#next), this.#topics);
    this.#tell();
  }

  /** From the end it plays from the beginning. */
  setPlaying(playing: boolean): void {
    if (playing && this.#state.positionMs >= this.span.toMs) this.seek(this.span.fromMs);
    this.#steppedAtMs = this.#base.nowMs();
    this.#state = { ...this.#state, playing };
    this.#tell();
  }

  setSpeed(speed: Speed): void {
    this.#state = { ...this.#state, speed };
    this.#tell();
  }

  #step(): void {
    if (!this.#state.playing) return;
    const nowMs = this.#base.nowMs();
    const passedMs = Math.min(LONGEST_STEP_MS, Math.max(0, nowMs - this.#steppedAtMs));
    this.#steppedAtMs = nowMs;
    const positionMs = Math.min(this.span.toMs, this.#state.positionMs + passedMs * this.#state.speed);
    this.#state = { ...this.#state, positionMs, playing: positionMs < this.span.toMs };
    for (;;) {
      const timed = this.#messages[this.#next];
      if (timed === undefined || timed.timeMs > positionMs) break;
      this.#stream.play(timed.timeMs, timed.message);
      this.#next += 1;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Index of the first message after a moment. */
function indexAfter(messages: readonly TimedMessage[], timeMs: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.timeMs ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
