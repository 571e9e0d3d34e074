/** One series of samples: its newest value, how often it comes, and, where a chart wants it, its history. */

import type { Sighting } from './freshness.js';
import { addStep, breakBetween, deriveIntervalMs, UNKNOWN_INTERVAL_MS } from './gaps.js';
import { Ring } from './ring.js';

export const HISTORY_WINDOW_MS = 5 * 60_000;
/** Five minutes at the shortest interval, 250 ms, and room for breaks. */
const HISTORY_POINTS = 2048;

/** A point of the past, by the producer's clock. */
export interface PastPoint {
  readonly timeMs: number;
  readonly value: number;
}

export interface Sample {
  /** By the producer's clock. */
  readonly timeMs: number;
  readonly seenAtMs: number;
  readonly value: number;
  readonly admittedStaleMs: number;
}

export class Series implements Sighting {
  value = Number.NaN;
  seenAtMs = Number.NEGATIVE_INFINITY;
  admittedStaleMs = 0;
  intervalMs = UNKNOWN_INTERVAL_MS;
  #history: Ring | null;
  #timeMs = Number.NEGATIVE_INFINITY;
  #steps: readonly number[] = [];

  constructor(keepsHistory: boolean) {
    this.#history = keepsHistory ? new Ring(HISTORY_WINDOW_MS + 10_000, HISTORY_POINTS) : null;
  }

  /** What a chart draws; `null` for a series that no chart shows. Another object after {@link backfill}. */
  get history(): Ring | null {
    return this.#history;
  }

  /** Takes a sample over, unless it is older than the newest. A value that its collector calls old is no point. */
  add(sample: Sample): boolean {
    const stepMs = sample.timeMs - this.#timeMs;
    if (!(stepMs >= 0)) return false;
    if (sample.admittedStaleMs === 0 && stepMs > 0) this.#record(sample);
    this.#steps = addStep(this.#steps, stepMs);
    this.intervalMs = deriveIntervalMs(this.#steps);
    this.#timeMs = sample.timeMs;
    this.value = sample.value;
    this.seenAtMs = sample.seenAtMs;
    this.admittedStaleMs = sample.admittedStaleMs;
    return true;
  }

  /** Puts points, in time order, before the first one known; breaks are found anew. */
  backfill(points: readonly PastPoint[]): void {
    const own = this.#history;
    if (own === null) return;
    const again = new Series(true);
    const replay = (timeMs: number, value: number) =>
      again.add({ timeMs, value, seenAtMs: timeMs, admittedStaleMs: 0 });
    const firstMs = own.length === 0 ? Number.POSITIVE_INFINITY : own.timeAt(0);
    for (const { timeMs, value } of points) if (timeMs < firstMs) replay(timeMs, value);
    for (let index = 0; index < own.length; index++) {
      const value = own.valueAt(index);
      if (!Number.isNaN(value)) replay(own.timeAt(index), value);
    }
    this.#history = again.#history;
    this.#steps = again.#steps;
    this.intervalMs = again.intervalMs;
  }

  #record(sample: Sample): void {
    const history = this.#history;
    if (history === null) return;
    const previousMs = history.lastTimeMs;
    if (Number.isFinite(previousMs)) {
      const breakMs = breakBetween(previousMs, sample.timeMs, this.intervalMs);
      if (breakMs !== null) history.push(breakMs, Number.NaN);
    }
    history.push(sample.timeMs, sample.value);
  }
}
