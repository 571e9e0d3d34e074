/** One series of samples: its newest value, how often it comes, and, where a chart wants it, its history. */

import type { Sighting } from './freshness.js';
import { addStep, breakBetween, deriveIntervalMs, UNKNOWN_INTERVAL_MS } from './gaps.js';
import { Ring } from './ring.js';

export const HISTORY_WINDOW_MS = 5 * 60_000;
/** Five minutes at the shortest interval, 250 ms, and room for breaks. */
const HISTORY_POINTS = 2048;

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
  readonly history: Ring | null;
  #timeMs = Number.NEGATIVE_INFINITY;
  #steps: readonly number[] = [];

  constructor(keepsHistory: boolean) {
    this.history = keepsHistory ? new Ring(HISTORY_WINDOW_MS + 10_000, HISTORY_POINTS) : null;
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

  #record(sample: Sample): void {
    if (this.history === null) return;
    const previousMs = this.history.lastTimeMs;
    if (Number.isFinite(previousMs)) {
      const breakMs = breakBetween(previousMs, sample.timeMs, this.intervalMs);
      if (breakMs !== null) this.history.push(breakMs, Number.NaN);
    }
    this.history.push(sample.timeMs, sample.value);
  }
}
