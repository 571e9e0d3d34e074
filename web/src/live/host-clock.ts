/**
 * Producers have clocks of their own. The lag of a host is the time between a sample's own `time` and its
 * arrival here, at its smallest: transport plus the difference of the clocks. With it a sample's `time` becomes a
 * moment of this machine, without believing either clock. Milliseconds throughout.
 */

/** Share of a larger lag that is taken over per sample, so that a clock that was set back is followed in time. */
const CREEP = 0.02;

/** The next lag: a smaller one counts at once, a larger one slowly. */
export function deriveLagMs(lagMs: number | null, sampleLagMs: number): number {
  if (lagMs === null || sampleLagMs < lagMs) return sampleLagMs;
  return lagMs + (sampleLagMs - lagMs) * CREEP;
}

/** When a sample was true, by this machine's clock, and never in its future. */
export function seenAt(timeMs: number, lagMs: number, receivedAtMs: number): number {
  return Math.min(receivedAtMs, timeMs + lagMs);
}
