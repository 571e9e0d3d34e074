/**
 * Whether the feed is slower than promised: pure. Time is cut into *windows*; one is *bad* when more than one
 * message of a hundred took longer than the threshold, which is what p99 above it means. Three bad windows in a row
 * fire, three good ones resolve; a window with few messages says nothing about p99, and counts as good.
 */

export interface LatencyWindow {
  messages: number;
  /** Delays above {@link LATENCY_THRESHOLD_MS}, in any order; the largest may be left out when there are many. */
  slowMs: readonly number[];
}

export interface LatencyState {
  /** Epoch time at which it fired, or `null`. */
  firingSinceMs: number | null;
  /** Windows in a row that speak for the other state. */
  against: number;
}

export interface LatencyChange {
  state: 'firing' | 'resolved';
  p99Ms: number;
  startedMs: number;
}

export const LATENCY_THRESHOLD_MS = 100;
export const LATENCY_WINDOW_MS = 10_000;
const WINDOWS_IN_A_ROW = 3;
const FEWEST_MESSAGES = 100;

export const NO_LATENCY: LatencyState = { firingSinceMs: null, against: 0 };

export function judgeLatency(
  before: LatencyState,
  window: LatencyWindow,
  nowMs: number,
): { next: LatencyState; change: LatencyChange | null } {
  const isFiring = before.firingSinceMs !== null;
  const p99Ms = slowP99(window);
  const isBad = p99Ms !== null;
  if (isBad === isFiring) return { next: { ...before, against: 0 }, change: null };
  const against = before.against + 1;
  if (against < WINDOWS_IN_A_ROW) return { next: { ...before, against }, change: null };
  const startedMs = before.firingSinceMs ?? nowMs;
  const change = { state: isBad ? ('firing' as const) : ('resolved' as const), p99Ms: p99Ms ?? 0, startedMs };
  return { next: { firingSinceMs: isBad ? startedMs : null, against: 0 }, change };
}

/** The p99 of a window when it is above the threshold, otherwise `null`. */
function slowP99({ messages, slowMs }: LatencyWindow): number | null {
  if (messages < FEWEST_MESSAGES) return null;
  const slowest = [...slowMs].sort((a, b) => b - a);
  return slowest[Math.floor(messages / 100)] ?? null;
}
