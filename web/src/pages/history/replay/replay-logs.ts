/** The logs of a replay: asked for in windows as the replay comes to them, and shown line by line as it passes them. */
import type { LogEntry } from '@pulsewire/shared-schema/rest';
import type { PageClock } from '../../../platform/clock.js';
import type { RestFailure } from '../../../rest/failure.js';
import type { RestAnswer } from '../../../rest/rest-client.js';
import { LEVELS } from '../../logs/log-line.js';
import { LogModel } from '../../logs/log-model.js';
import type { Span } from '../range.js';

export const LOG_WINDOW_MS = 20_000;
/** A failed question is not asked again sooner. */
const RETRY_MS = 3000;
/** After a jump so much before the moment is shown as well. */
const CONTEXT_MS = 20_000;

type LoadWindow = (span: Span, signal: AbortSignal) => Promise<RestAnswer<readonly LogEntry[]>>;

export class ReplayLogs {
  readonly model: LogModel;
  readonly #clock: PageClock;
  readonly #load: LoadWindow;
  /** By the number of the window; `null` while it is on its way. */
  readonly #windows = new Map<number, readonly LogEntry[] | null>();
  readonly #stopped = new AbortController();
  #shownUntilMs = Number.NaN;
  #positionMs = Number.NaN;
  #failure: RestFailure | null = null;
  #askAgainMs = 0;

  constructor(clock: PageClock, load: LoadWindow) {
    this.model = new LogModel(clock, { service: null, levels: LEVELS, search: '' });
    this.#clock = clock;
    this.#load = load;
  }

  /** Why some lines are missing. */
  get failure(): RestFailure | null {
    return this.#failure;
  }

  /** Begins anew at a moment. */
  seek(positionMs: number): void {
    this.model.clear();
    this.#shownUntilMs = positionMs - CONTEXT_MS;
    this.advance(positionMs);
  }

  /** Shows what was written up to this moment, as far as it is here without a hole, and asks for what comes next. */
  advance(positionMs: number): void {
    this.#positionMs = positionMs;
    this.#show();
    const last = numberOf(positionMs) + 1;
    for (let number = numberOf(this.#shownUntilMs); number <= last; number += 1) this.#want(number);
  }

  stop(): void {
    this.#stopped.abort();
    this.model.stop();
  }

  #show(): void {
    for (let number = numberOf(this.#shownUntilMs); number <= numberOf(this.#positionMs); number += 1) {
      const lines = this.#windows.get(number);
      if (lines == null) return;
      const untilMs = Math.min(this.#positionMs, (number + 1) * LOG_WINDOW_MS);
      for (const line of lines) {
        const timeMs = Date.parse(line.timestamp);
        if (timeMs >= this.#shownUntilMs && timeMs < untilMs) this.model.receive(line);
      }
      this.#shownUntilMs = untilMs;
    }
  }

  #want(number: number): void {
    if (this.#windows.has(number) || this.#clock.nowMs() < this.#askAgainMs) return;
    this.#windows.set(number, null);
    const { signal } = this.#stopped;
    const span = { fromMs: number * LOG_WINDOW_MS, toMs: (number + 1) * LOG_WINDOW_MS };
    void this.#load(span, signal).then((answer) => {
      if (signal.aborted) return;
      this.#failure = answer.ok ? null : answer.failure;
      if (!answer.ok) {
        this.#windows.delete(number);
        this.#askAgainMs = this.#clock.nowMs() + RETRY_MS;
      } else {
        this.#windows.set(number, answer.data);
        this.#show();
      }
    });
  }
}

function numberOf(timeMs: number): number {
  return Math.floor(timeMs / LOG_WINDOW_MS);
}
