/**
 * How a client that reads too slowly is treated: pure. *Progress* is seen when its unsent bytes become fewer. What
 * is added meanwhile can hide that, so a client without visible progress is first thinned, which all but stops the
 * adding; only one that then takes nothing either is cut off. Source: contracts.md §2.
 */

/** Unsent bytes above which a client gets the newest value of each series only. */
export const THIN_ABOVE_BYTES = 256 * 1024;
/** Unsent bytes above which it is cut off; its largest snapshot, which it asked for, comes on top. */
export const CUT_OFF_ABOVE_BYTES = 1024 * 1024;
const RELEASE_BELOW_BYTES = 128 * 1024;
const THIN_AFTER_MS = 15_000;
const CUT_OFF_AFTER_MS = 30_000;

export interface Pressure {
  thinned: boolean;
  /** Unsent bytes when they were last looked at. */
  lastBytes: number;
  /** Monotonic time at which progress was last seen. */
  progressMs: number;
}

export interface PressureFacts {
  unsentBytes: number;
  /** The largest snapshot that it was sent. */
  snapshotBytes: number;
  nowMs: number;
}

/** `release`: what waits for a thinned client may go out. */
export type PressureAction = 'none' | 'thin' | 'release' | 'cutOff';

export function createPressure(nowMs: number): Pressure {
  return { thinned: false, lastBytes: 0, progressMs: nowMs };
}

export function judgePressure(
  before: Pressure,
  facts: PressureFacts,
): { next: Pressure; action: PressureAction } {
  const { unsentBytes, nowMs } = facts;
  const progressed = unsentBytes === 0 || unsentBytes < before.lastBytes;
  const progressMs = progressed ? nowMs : before.progressMs;
  const action = actionFor(before.thinned, facts, nowMs - progressMs);
  const thinned = before.thinned || action === 'thin';
  return { next: { thinned, lastBytes: unsentBytes, progressMs }, action };
}

function actionFor(
  thinned: boolean,
  { unsentBytes, snapshotBytes }: PressureFacts,
  stalledMs: number,
): PressureAction {
  if (unsentBytes > CUT_OFF_ABOVE_BYTES + snapshotBytes || stalledMs >= CUT_OFF_AFTER_MS) return 'cutOff';
  if (thinned) return unsentBytes <= RELEASE_BELOW_BYTES && stalledMs === 0 ? 'release' : 'none';
  return unsentBytes > THIN_ABOVE_BYTES || stalledMs >= THIN_AFTER_MS ? 'thin' : 'none';
}
