/**
 * How a client that reads too slowly is treated: pure. *Unsent* is what it was written and is not known to have read;
 * of that, the gateway itself *holds* some. *Progress* is an answered mark, or that what is held becomes less. A
 * client behind which much piles up, or that makes no progress, is first *thinned*: it gets little at a time, and more
 * only when it has taken that. One that then makes no progress either is cut off. Source: contracts.md §2. Only
 * {@link resetPressure} changes what it is given.
 */
import { MARK_EVERY_BYTES } from './marks.js';

/** Unsent bytes above which a client gets the newest value of each series only. */
export const THIN_ABOVE_BYTES = 256 * 1024;
/** Held bytes above which it is cut off; its largest snapshot, which it asked for, comes on top. */
export const CUT_OFF_ABOVE_BYTES = 1024 * 1024;
/** At 1 kB/s, what is never dropped waits 2 s behind it. */
const SMALLEST_RELEASE_BYTES = 2 * 1024;
/** Who is far away has answered this as quickly as hello; who reads 1 kB/s, seconds later. */
const PROBE_BYTES = 4 * 1024;
const FIRST_RELEASE_BYTES = 16 * 1024;
const LARGEST_RELEASE_BYTES = 128 * 1024;
/** Among what a client is not known to have read so much is harmless: at 1 kB/s, an alert waits 4 s behind it. */
const HARMLESS_BYTES = 4 * 1024;
/** Whoever takes a release within this time can have a larger one; who can have the largest is slow no more. */
const QUICK_MS = 1000;
const THIN_AFTER_MS = 5000;
/** Who is new may be one that never reads more than a little: the less it is sent, the less its alerts wait behind. */
const THIN_NEW_AFTER_MS = 1000;
/** Longer than the way there and back. */
const THIN_AT_FIRST_AFTER_MS = 250;
/** Who is not far away has answered hello by then. */
const PROBE_AFTER_MS = 200;
/**
 * Before its first answer a client is looked at twice, so long after each other; more than that does not count, so that
 * an answer which came while the gateway stood still is heard between the two.
 */
export const FIRST_LOOK_MS = 110;
/** The same of one that has read next to nothing, and is looked at like everybody: it is looked at twice, too. */
const LOOK_AT_FIRST_MS = 250;
/**
 * And of one behind which much piles up in the kernel: much may be written between two looks, marked at the second, and
 * answered a moment later. What the gateway itself holds needs no second look.
 */
const LOOK_BEHIND_MS = 110;
const CUT_OFF_AFTER_MS = 30_000;
/** What a client reads, and so its alerts, may be older than the way there and back takes. */
const THIN_WHEN_LATE_MS = 2000;
/** One kilobyte a second: who reads at least this makes progress between two marks in time. */
const SLOWEST_BYTES_PER_MS = 1;
/** Between two looks so much time can pass for a client. In more than that the gateway stood still, which is not its fault. */
const LONGEST_LOOK_MS = 500;

export type Opening = 'closed' | 'probed' | 'open';

export interface Pressure {
  thinned: boolean;
  /** Before its first answer a client is `closed`, then `probed` when that takes long; `open` when it could be judged. */
  opening: Opening;
  /** Held bytes when they were last looked at. */
  lastBytes: number;
  /** How long no progress was seen. */
  stalledMs: number;
  /** How long more was seen to be unsent than may be. */
  behindMs: number;
  /** Monotonic time of the last look; later while the client may rest. */
  lookedMs: number;
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
  /** Its first answer may still come. */
  awaitsFirst: boolean;
  /** It answers, and has not shown yet how quickly it reads. */
  isNew: boolean;
  /** It is new, and has read next to nothing. */
  isAtFirst: boolean;
  /** The least that any of its answers took. */
  leastMs: number;
  /**
   * How late the mark that is waited for came back, when it is thinned the one behind what was released last; `null`
   * while that is under way, 0 for who never answered.
   */
  lateMs: number | null;
  nowMs: number;
}

/** `trickle`: some of what waits may go out. `release`: the same, and who then has all is thinned no more. */
export type PressureAction = 'none' | 'thin' | 'trickle' | 'release' | 'cutOff';

export function createPressure(nowMs: number): Pressure {
  return {
    thinned: false,
    opening: 'open',
    lastBytes: 0,
    stalledMs: 0,
    behindMs: 0,
    lookedMs: nowMs,
    releaseBytes: FIRST_RELEASE_BYTES,
  };
}

/** What {@link createPressure} makes, in place: of ten thousand clients, a new one at each look is felt. */
export function resetPressure(pressure: Pressure, nowMs: number): void {
  pressure.thinned = false;
  pressure.opening = 'open';
  pressure.lastBytes = 0;
  pressure.stalledMs = 0;
  pressure.behindMs = 0;
  pressure.lookedMs = nowMs;
  pressure.releaseBytes = FIRST_RELEASE_BYTES;
}

/** Of a client that has not answered hello yet: more than that and its snapshot would only be in the way of alerts. */
export function closePressure(before: Pressure): Pressure {
  return { ...before, thinned: true, opening: 'closed' };
}

/** Of one that is thinned no more. */
export function openPressure(before: Pressure): Pressure {
  return { ...before, thinned: false, opening: 'open' };
}

export function judgePressure(
  before: Pressure,
  facts: PressureFacts,
): { next: Pressure; action: PressureAction } {
  const { heldBytes, nowMs } = facts;
  const sinceMs = Math.max(0, Math.min(nowMs - before.lookedMs, longestLookMs(facts)));
  const stalledMs = hasProgressed(before, facts) ? 0 : before.stalledMs + sinceMs;
  const behindMs = isBehind(facts) ? before.behindMs + Math.min(sinceMs, LOOK_BEHIND_MS) : 0;
  const releaseBytes = releaseBytesFor(before, facts);
  const action = actionFor({ ...before, stalledMs, behindMs, releaseBytes }, facts);
  const thinned = before.thinned || action === 'thin';
  const opening = openingAfter(before.opening, action, facts);
  const next = { thinned, opening, lastBytes: heldBytes, stalledMs, behindMs, lookedMs: nowMs, releaseBytes };
  return { next, action };
}

function longestLookMs({ awaitsFirst, isAtFirst }: PressureFacts): number {
  if (awaitsFirst) return FIRST_LOOK_MS;
  return isAtFirst ? LOOK_AT_FIRST_MS : LONGEST_LOOK_MS;
}

function isBehind({ unsentBytes }: PressureFacts): boolean {
  return unsentBytes > THIN_ABOVE_BYTES;
}

function hasProgressed({ lastBytes, lookedMs }: Pressure, facts: PressureFacts): boolean {
  return facts.unsentBytes === 0 || facts.heldBytes < lastBytes || facts.answeredMs > lookedMs;
}

function openingAfter(before: Opening, action: PressureAction, facts: PressureFacts): Opening {
  if (action === 'none') return before;
  return before === 'closed' && facts.awaitsFirst ? 'probed' : 'open';
}

function releaseBytesFor({ thinned, opening, releaseBytes }: Pressure, facts: PressureFacts): number {
  if (!thinned) return FIRST_RELEASE_BYTES;
  if (opening === 'closed') return facts.awaitsFirst ? PROBE_BYTES : LARGEST_RELEASE_BYTES;
  if (!hasTakenAll(facts)) return releaseBytes;
  if (opening === 'probed') return facts.lateMs <= QUICK_MS ? LARGEST_RELEASE_BYTES : SMALLEST_RELEASE_BYTES;
  return facts.lateMs <= QUICK_MS
    ? Math.min(2 * releaseBytes, LARGEST_RELEASE_BYTES)
    : Math.max(releaseBytes / 2, SMALLEST_RELEASE_BYTES);
}

function actionFor(
  { thinned, opening, stalledMs, behindMs, releaseBytes }: Pressure,
  facts: PressureFacts,
): PressureAction {
  const { heldBytes, snapshotBytes } = facts;
  const gapBytes = Math.min(facts.gapBytes, MARK_EVERY_BYTES);
  const patienceMs = CUT_OFF_AFTER_MS + gapBytes / SLOWEST_BYTES_PER_MS;
  if (heldBytes > CUT_OFF_ABOVE_BYTES + snapshotBytes || stalledMs >= patienceMs) return 'cutOff';
  const fallsBehind = heldBytes > THIN_ABOVE_BYTES || behindMs > LOOK_BEHIND_MS;
  if (!thinned) return fallsBehind || isSlow(stalledMs, facts) ? 'thin' : 'none';
  if (opening === 'closed' && facts.awaitsFirst) return stalledMs < PROBE_AFTER_MS ? 'none' : 'trickle';
  if (opening !== 'closed' && !hasTakenAll(facts)) return 'none';
  return releaseBytes === LARGEST_RELEASE_BYTES && !isBehind(facts) ? 'release' : 'trickle';
}

/** Late with nothing unsent is who stood still for a while and has caught up. */
function isSlow(stalledMs: number, facts: PressureFacts): boolean {
  const { isAtFirst, isNew, lateMs, leastMs, unsentBytes } = facts;
  const isLate = unsentBytes > 0 && lateMs !== null && lateMs > THIN_WHEN_LATE_MS;
  if (isLate || stalledMs >= (isNew ? THIN_NEW_AFTER_MS : THIN_AFTER_MS)) return true;
  return isAtFirst && unsentBytes > HARMLESS_BYTES && stalledMs >= leastMs + THIN_AT_FIRST_AFTER_MS;
}

/** Not whether nothing is unsent: of a steady stream that is never thinned, something always is. */
function hasTakenAll(facts: PressureFacts): facts is PressureFacts & { lateMs: number } {
  return facts.heldBytes === 0 && facts.lateMs !== null;
}
