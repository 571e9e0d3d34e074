/** How long a channel's log still holds what is not recorded yet. */

/** Milliseconds of a log position. */
export function positionMs(position: string): number {
  return Number(position.slice(0, position.indexOf('-')));
}

/**
 * Milliseconds until the log drops what comes after `position`, at least: a full log moves on as fast as time does,
 * one that is not full waits until it is. 0 when that has happened; `null` when nothing is known.
 */
export function deriveReachMs(
  position: string | null,
  oldest: string | null,
  reachesBack: boolean,
): number | null {
  if (position === null || oldest === null) return null;
  return reachesBack ? Math.max(0, positionMs(position) - positionMs(oldest)) : 0;
}
