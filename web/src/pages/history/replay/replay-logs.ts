/** The logs of a replay: asked for in windows as the replay comes to them, and shown line by line as it passes them. */
import type { LogEntry } from '@pulsewire/shared-schema/rest';
import type { PageClock } from '../../../platform/clock.js';
import type { RestFailure } from '../../../rest/failure.js';
import type { RestAnswer } from '../../../rest/rest-client.js';
import type { LogWindow } from '../../logs/load-logs.js';
import { LEVELS } from '../../logs/log-line.js';
import { LogModel } from '../../logs/log-model.js';
import type { Span } from '../range.js';

export const LOG_WINDOW_MS = 20_000;
/** A failed question is not asked again sooner. */
const RETRY_MS = 3000;
/** After a jump so much before the moment is shown as well. */
const CONTEXT_MS = 20_000;

/** A window with more lines is asked for in pieces, up to so many: nobody reads more in that time. */
const PIECES = 3;
/** Of windows so far from the position nothing is kept. */
const KEPT_WINDOWS = 2;

type LoadWindow = (span: Span, signal: AbortSignal) => Promise<RestAnswer<LogWindow>>;

interface Loaded {
  readonly lines: readonly LogEntry[];
  /** There are more, at the end of the window. */
  readonly isCut: boolean;
}

export class ReplayLogs {
  readonly model: LogModel;
  readonly #clock: PageClock;
  readonly #load: LoadWindow;
  /** By the number of the window; `null` while it is on its way. */
  readonly #windows = new Map<number, Loaded | null>();
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

  /** More lines were written about now than are shown. */
  get isCut(): boolean {
    return this.#windows.get(numberOf(this.#positionMs))?.isCut ?? false;
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
    const first = numberOf(this.#shownUntilMs);
    for (const number of this.#windows.keys())
      if (number < first - KEPT_WINDOWS || number > last + KEPT_WINDOWS) this.#windows.delete(number);
    for (let number = first; number <= last; number += 1) this.#want(number);
  }

  stop(): void {
    this.#stopped.abort();
    this.model.stop();
  }

  #show(): void {
    for (let number = numberOf(this.#shownUntilMs); number <= numberOf(this.#positionMs); number += 1) {
      const loaded = this.#windows.get(number);
      if (loaded == null) return;
      const untilMs = Math.min(this.#positionMs, (number + 1) * LOG_WINDOW_MS);
      for (const line of loaded.lines) {
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
    void loadPieces(this.#load, span, signal).then((answer) => {
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

async function loadPieces(load: LoadWindow, span: Span, signal: AbortSignal): Promise<RestAnswer<Loaded>> {
  const lines: LogEntry[] = [];
  let { fromMs } = span;
  for (let piece = 0; piece < PIECES && fromMs < span.toMs; piece += 1) {
    const answer = await load({ fromMs, toMs: span.toMs }, signal);
    if (!answer.ok) return answer;
    lines.push(...answer.data.lines);
    fromMs = answer.data.toMs;
  }
  return { ok: true, data: { lines, isCut: fromMs < span.toMs } };
}

function numberOf(timeMs: number): number {
  return Math.floor(timeMs / LOG_WINDOW_MS);
}
