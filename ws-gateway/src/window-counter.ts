/**
 * Counts events in a sliding window. Exact: it remembers the times of the last `limit` events, no more, so its
 * memory is bounded whatever happens.
 */

export interface WindowCounter {
  /** Notes one event; true when it is at least the `limit`-th within the window. */
  record(nowMs: number): boolean;
}

/** `limit` events within `windowMs` make it full. Times must not run backwards (a monotonic clock). */
export function createWindowCounter(options: { limit: number; windowMs: number }): WindowCounter {
  const { limit, windowMs } = options;
  const times: number[] = [];
  return {
    record(nowMs) {
      times.push(nowMs);
      if (times.length > limit) times.shift();
      const [oldest] = times;
      return times.length >= limit && oldest !== undefined && oldest + windowMs > nowMs;
    },
  };
}
