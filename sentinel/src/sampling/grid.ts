/**
 * The sampling grid: ticks lie on whole intervals of wall time, so that all hosts sample at the same moments and
 * nothing drifts. Ticks that passed while nobody could look are skipped, never made up for.
 */

export interface Tick {
  /** The time that samples of this tick carry. */
  timeMs: number;
  /** When the next one is due. */
  nextMs: number;
  /** Grid points that passed unused before this one. */
  skipped: number;
}

/** The first tick is at least half an interval away, so that the first rates span a meaningful time. */
export function firstTickMs(nowMs: number, intervalMs: number): number {
  const next = gridPointAfter(nowMs, intervalMs);
  return next - nowMs < intervalMs / 2 ? next + intervalMs : next;
}

/**
 * What a timer that was set for `dueMs` means when it fires at `nowMs`. Timers may fire a little early; wall
 * time may have jumped either way, and then the grid is found anew.
 */
export function decideTick(dueMs: number, nowMs: number, intervalMs: number): Tick {
  if (Math.abs(nowMs - dueMs) < intervalMs / 2)
    return { timeMs: dueMs, nextMs: dueMs + intervalMs, skipped: 0 };
  const timeMs = Math.floor(nowMs / intervalMs) * intervalMs;
  const skipped = Math.max(0, Math.round((timeMs - dueMs) / intervalMs));
  return { timeMs, nextMs: timeMs + intervalMs, skipped };
}

function gridPointAfter(nowMs: number, intervalMs: number): number {
  return (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}
