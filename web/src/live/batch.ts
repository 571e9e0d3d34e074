/** Turns any number of marks into at most one flush per period. The first mark after a pause is flushed soon. */
import type { PageClock } from '../platform/clock.js';

export interface Batch {
  mark(): void;
  stop(): void;
}

/** `minPeriodMs`: the shortest time between two flushes. */
export function createBatch(options: { clock: PageClock; minPeriodMs: number; flush: () => void }): Batch {
  const { clock, minPeriodMs, flush } = options;
  let cancel: (() => void) | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    mark() {
      if (cancel !== null) return;
      const waitMs = Math.min(minPeriodMs, Math.max(0, lastMs + minPeriodMs - clock.nowMs()));
      cancel = clock.after(waitMs, () => {
        cancel = null;
        lastMs = clock.nowMs();
        flush();
      });
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
