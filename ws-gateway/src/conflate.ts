/**
 * What waits while a lane is over its limit: the newest sample of every series, in the order in which the series
 * began to wait, so that none waits for ever. A series is at most once in here, and the number of series is
 * bounded, too.
 */
import type { Arrival } from './arrival.js';

export interface Conflation {
  /** Keeps the sample; the one of the same series that waited before is skipped. */
  put(sample: Arrival): void;
  /** Takes out up to `count` samples, those that have waited longest first. */
  take(count: number): Arrival[];
  /** All that wait, which go on waiting. */
  peek(): Arrival[];
  waiting(): number;
  /** Of the payloads of all that wait. */
  waitingBytes(): number;
  /** Samples skipped since {@link Conflation.takeSkipped}. */
  skipped(): number;
  takeSkipped(): number;
}

const MAX_SERIES = 20_000;

export function createConflation(maxSeries: number = MAX_SERIES): Conflation {
  const newest = new Map<string, Arrival>();
  let skipped = 0;
  let waitingBytes = 0;

  function remove(sample: Arrival): void {
    newest.delete(sample.series);
    waitingBytes -= sample.payload.length;
  }

  return {
    put(sample) {
      const before = newest.get(sample.series);
      if (before !== undefined) {
        skipped += 1;
        waitingBytes -= before.payload.length;
      }
      newest.set(sample.series, sample);
      waitingBytes += sample.payload.length;
      if (newest.size <= maxSeries) return;
      const longest = newest.values().next();
      if (!longest.done) remove(longest.value);
      skipped += 1;
    },
    take(count) {
      const taken: Arrival[] = [];
      for (const sample of newest.values()) {
        if (taken.length >= count) break;
        taken.push(sample);
      }
      for (const sample of taken) remove(sample);
      return taken;
    },
    peek: () => [...newest.values()],
    waiting: () => newest.size,
    waitingBytes: () => waitingBytes,
    skipped: () => skipped,
    takeSkipped() {
      const count = skipped;
      skipped = 0;
      return count;
    },
  };
}
