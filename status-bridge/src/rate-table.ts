/**
 * How often somebody may do something. A budget of `burst` at once that fills up again by `perMinute`; what is kept is
 * the one moment at which it is full again (the generic cell rate algorithm, ITU-T I.371).
 */

export interface Rate {
  perMinute: number;
  burst: number;
}

export interface RateTable {
  /** Takes one of the name's budget and returns 0, or takes nothing and returns the milliseconds until there is one. */
  spend(name: string, nowMs: number): number;
}

const MAX_NAMES = 10_000;

/** Times are of a monotonic clock, in milliseconds. */
export function spendOne(rate: Rate, fullAtMs: number, nowMs: number): { fullAtMs: number; waitMs: number } {
  const costMs = 60_000 / rate.perMinute;
  const nextMs = Math.max(fullAtMs, nowMs) + costMs;
  // Sums of fractions: a nanosecond over is not over.
  const overMs = nextMs - nowMs - rate.burst * costMs;
  return overMs > 1e-6 ? { fullAtMs, waitMs: overMs } : { fullAtMs: nextMs, waitMs: 0 };
}

/** Bounded: the name that spent longest ago is forgotten first. */
export function createRateTable(rate: Rate, maxNames: number = MAX_NAMES): RateTable {
  const fullAt = new Map<string, number>();
  return {
    spend(name, nowMs) {
      const { fullAtMs, waitMs } = spendOne(rate, fullAt.get(name) ?? 0, nowMs);
      fullAt.delete(name);
      fullAt.set(name, fullAtMs);
      const oldest = fullAt.keys().next();
      if (fullAt.size > maxNames && !oldest.done) fullAt.delete(oldest.value);
      return waitMs;
    },
  };
}
