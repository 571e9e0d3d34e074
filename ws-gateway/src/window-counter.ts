/**
 * Counts events in a sliding window. Exact: it remembers the times of the last `limit` events, no more, so its
 * memory is bounded whatever happens.
 */

export interface WindowCounter {
  /** Notes one event; true when it is at least the `limit`-th within the window. */
  record(nowMs: number): boolean;
  /** Milliseconds until fewer than `limit` events are within the window; 0 when that is so now. */
  fullForMs(nowMs: number): number;
}

/** `limit` events within `windowMs` make it full. Times must not run backwards (a monotonic clock). */
export function createWindowCounter(options: { limit: number; windowMs: number }): WindowCounter {
  const { limit, windowMs } = options;
  const times: number[] = [];

  function fullForMs(nowMs: number): number {
    const oldest = times[0];
    if (times.length < limit || oldest === undefined) return 0;
    return Math.max(0, oldest + windowMs - nowMs);
  }

  return {
    record(nowMs) {
      times.push(nowMs);
      if (times.length > limit) times.shift();
      return fullForMs(nowMs) > 0;
    },
    fullForMs,
  };
}
