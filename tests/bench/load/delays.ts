/** How the delays that clients saw are shown: the median of all rounds, but the longest of all. */
import { type BenchRow, median, round } from '../harness.js';
import type { Delays } from './clients.js';

export function renderDelays(rounds: readonly Delays[]): BenchRow {
  return {
    'p50 ms': round(median(rounds.map(({ p50Ms }) => p50Ms))),
    'p99 ms': round(median(rounds.map(({ p99Ms }) => p99Ms))),
    'max ms': round(Math.max(...rounds.map(({ maxMs }) => maxMs))),
  };
}

/** How many times as long the 99th of 100 messages took as beside it, round by round. */
export function p99Ratio(own: readonly Delays[], peer: readonly Delays[]): number {
  return round(median(own.map(({ p99Ms }, index) => p99Ms / (peer[index]?.p99Ms ?? Number.NaN))));
}

export function atRate<Measured extends { perSecond: number }>(
  rounds: readonly Measured[][],
  perSecond: number,
): Measured[] {
  return rounds.flat().filter((measured) => measured.perSecond === perSecond);
}
