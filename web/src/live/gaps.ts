/**
 * What counts as a gap. The interval of a series is the median of its last steps, so that one lost sample does
 * not change it and three slower ones do. A gap is a step of more than 2.5 intervals; it is drawn as a break.
 */
export const GAP_INTERVALS = 2.5;
/** Assumed until a series has shown two samples. */
export const UNKNOWN_INTERVAL_MS = 5000;
/** A longer step is an outage, never an interval. */
export const MAX_INTERVAL_MS = 60_000;
const STEPS_KEPT = 5;

/** The steps with `stepMs` added, newest last. Steps that cannot be an interval are left out. */
export function addStep(steps: readonly number[], stepMs: number): readonly number[] {
  if (!(stepMs > 0) || stepMs > MAX_INTERVAL_MS) return steps;
  return [...steps.slice(1 - STEPS_KEPT), stepMs];
}

/** Lower median of the steps in milliseconds; {@link UNKNOWN_INTERVAL_MS} when there are none. */
export function deriveIntervalMs(steps: readonly number[]): number {
  const sorted = steps.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >>> 1] ?? UNKNOWN_INTERVAL_MS;
}

/** Where the line must break between two samples (epoch milliseconds), or `null` when it may go on. */
export function breakBetween(previousMs: number, nextMs: number, intervalMs: number): number | null {
  if (nextMs - previousMs <= GAP_INTERVALS * intervalMs) return null;
  return previousMs + intervalMs;
}
