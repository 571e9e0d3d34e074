/** How long to wait before the next try. Steps: specification 001 §4; the last one repeats. */
import { RECONNECT_STEPS_MS } from '../limits.js';

/** A connection that stood this long was a success: the next loss starts again at the first step. */
export const STEADY_MS = 10_000;

/** The first attempt whose wait is the longest one. */
export const LONGEST_WAIT_ATTEMPT = RECONNECT_STEPS_MS.length;

/**
 * The wait before retry number `attempt` (1 is the first), in ms: its step plus up to `jitter` of it.
 * `random` is in [0, 1); with `jitter` 0 the steps are exact.
 */
export function deriveRetryDelayMs(attempt: number, jitter: number, random: number): number {
  const last = RECONNECT_STEPS_MS.length - 1;
  const stepMs = RECONNECT_STEPS_MS[Math.min(Math.max(attempt, 1) - 1, last)] ?? RECONNECT_STEPS_MS[3];
  return Math.round(stepMs * (1 + jitter * random));
}

/** Which failure in a row this is: 1 again after a connection that stood for {@link STEADY_MS}. */
export function deriveNextAttempt(attempt: number, connectedAtMs: number | null, nowMs: number): number {
  const steady = connectedAtMs !== null && nowMs - connectedAtMs >= STEADY_MS;
  return steady ? 1 : attempt + 1;
}
