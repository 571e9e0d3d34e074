/**
 * How a client that reads too slowly is treated: pure. *Unsent* is what it was written and is not known to have read;
 * of that, the gateway itself *holds* some. *Progress* is an answered mark, or that what is held becomes less. A
 * client behind which much piles up, or that makes no progress, is first *thinned*: it gets little at a time, and more
 * only when it has taken that. One that then makes no progress either is cut off. Source: contracts.md §2.
 */

/** Unsent bytes above which a client gets the newest value of each series only. */
export const THIN_ABOVE_BYTES = 256 * 1024;
/** Held bytes above which it is cut off; its largest snapshot, which it asked for, comes on top. */
export const CUT_OFF_ABOVE_BYTES = 1024 * 1024;
const SMALLEST_RELEASE_BYTES = 16 * 1024;
const LARGEST_RELEASE_BYTES = 128 * 1024;
/** Whoever takes a release within this time can have a larger one; who can have the largest is slow no more. */
const QUICK_MS = 1000;
const THIN_AFTER_MS = 15_000;
const CUT_OFF_AFTER_MS = 30_000;
/** One kilobyte a second: who reads at least this makes progress between two marks in time. */
const SLOWEST_BYTES_PER_MS = 1;

export interface Pressure {
  thinned: boolean;
  /** Held bytes when they were last looked at. */
  lastBytes: number;
  /** Monotonic time at which progress was last seen. */
  progressMs: number;
  /** What may be released now. */
  releaseBytes: number;
}

export interface PressureFacts {
  unsentBytes: number;
  heldBytes: number;
  /** The largest snapshot that it was sent. */
  snapshotBytes: number;
  /** Monotonic time of its newest answer; minus infinity when it never answered. */
  answeredMs: number;
  /** The widest distance between the marks that it has to answer. */
  gapBytes: number;
  /** How long the newest mark was under way, `null` while it is; 0 for who never answered. */
  tookMs: number | null;
  nowMs: number;
}

/** `trickle`: some of what waits may go out. `release`: the same, and who then has all is thinned no more. */
export type PressureAction = 'none' | 'thin' | 'trickle' | 'release' | 'cutOff';

export function createPressure(nowMs: number): Pressure {
  return { thinned: false, lastBytes: 0, progressMs: nowMs, releaseBytes: SMALLEST_RELEASE_BYTES };
}

export function judgePressure(
  before: Pressure,
  facts: PressureFacts,
): { next: Pressure; action: PressureAction } {
  const { unsentBytes, heldBytes, nowMs } = facts;
  const progressed = unsentBytes === 0 || heldBytes < before.lastBytes;
  const progressMs = progressed ? nowMs : Math.max(before.progressMs, facts.answeredMs);
  const releaseBytes = releaseBytesFor(before, facts);
  const action = actionFor(before.thinned, { ...facts, releaseBytes }, nowMs - progressMs);
  const thinned = before.thinned || action === 'thin';
  return { next: { thinned, lastBytes: heldBytes, progressMs, releaseBytes }, action };
}

function releaseBytesFor({ thinned, releaseBytes }: Pressure, facts: PressureFacts): number {
  if (!thinned) return SMALLEST_RELEASE_BYTES;
  if (!hasTakenAll(facts)) return releaseBytes;
  return facts.tookMs <= QUICK_MS
    ? Math.min(2 * releaseBytes, LARGEST_RELEASE_BYTES)
    : SMALLEST_RELEASE_BYTES;
}

function actionFor(
  thinned: boolean,
  facts: PressureFacts & { releaseBytes: number },
  stalledMs: number,
): PressureAction {
  const { unsentBytes, heldBytes, snapshotBytes, gapBytes, releaseBytes } = facts;
  const patienceMs = CUT_OFF_AFTER_MS + gapBytes / SLOWEST_BYTES_PER_MS;
  if (heldBytes > CUT_OFF_ABOVE_BYTES + snapshotBytes || stalledMs >= patienceMs) return 'cutOff';
  if (!thinned) return unsentBytes > THIN_ABOVE_BYTES || stalledMs >= THIN_AFTER_MS ? 'thin' : 'none';
  if (!hasTakenAll(facts)) return 'none';
  return releaseBytes === LARGEST_RELEASE_BYTES ? 'release' : 'trickle';
}

function hasTakenAll(facts: PressureFacts): facts is PressureFacts & { tookMs: number } {
  return facts.unsentBytes === 0 && facts.tookMs !== null;
}
