/**
 * How much of what a client was written it has read: pure. The kernel, a proxy and the peer hold megabytes, so what
 * has left the process says little. A *mark* is a WebSocket ping that tells how many bytes were written before it;
 * the pong that brings it back says that all of those were read. Whoever does not answer the first ping in time cannot
 * be judged so; until then everything is unanswered.
 */

export interface Marks {
  /** Numbers the marks, from 1; 0 before the first. */
  readonly newest: number;
  /** Bytes written before the newest mark, and when that was placed (monotonic). */
  readonly markedBytes: number;
  readonly markedMs: number;
  /** When the first mark was placed; `null` before. */
  readonly firstMs: number | null;
  /** The newest mark that came back; 0 before any. */
  readonly answered: number;
  readonly answeredBytes: number;
  readonly answeredMs: number;
  /** The mark that was waited for last, 0 before any, and when it was placed (monotonic). */
  readonly awaited: number;
  readonly awaitedMs: number;
  /** How long that was under way; `null` while it is. */
  readonly tookMs: number | null;
  /** The least that any mark took, as far as that is known. */
  readonly leastMs: number;
  /** The client is new until it has read so far. */
  readonly newUntilBytes: number;
  /** The widest distance from mark to mark since all of them had been answered. */
  readonly gapBytes: number;
}

/**
 * Between two marks are so many bytes and {@link MARK_EVERY_MS}, or at most {@link MARK_AFTER_BYTES}, and what one
 * look's time adds. A mark costs as much as some twenty messages: at 100 kB/s, one every 64 KiB would be felt.
 */
export const MARK_EVERY_BYTES = 64 * 1024;
const MARK_EVERY_MS = 2000;
const MARK_AFTER_BYTES = 128 * 1024;
const MARK_EVERY_BYTES_WHEN_LATE = 16 * 1024;
const MARK_EVERY_BYTES_AT_FIRST = 4 * 1024;
/** Of a client that is new, so many are read at first. */
const FIRST_BYTES = 16 * 1024;
/** The first mark stands behind hello alone: whoever answers pings at all has answered it by then, at 100 bytes a second, too. */
const FIRST_ANSWER_MS = 5000;
/** Until it has read so many bytes, a new client has not shown how quickly it reads. */
const NEW_FOR_BYTES = 64 * 1024;
/** More than this is no way there and back any more, but reading. */
const LONGEST_WAY_MS = 2000;
/** Position and number. A peer may send any pong, with anything in it. */
const MARK = /^(\d{1,15})\.(\d{1,9})$/;

export function createMarks(): Marks {
  return {
    newest: 0,
    markedBytes: 0,
    markedMs: 0,
    firstMs: null,
    answered: 0,
    answeredBytes: 0,
    answeredMs: Number.NEGATIVE_INFINITY,
    awaited: 0,
    awaitedMs: 0,
    tookMs: null,
    leastMs: LONGEST_WAY_MS,
    newUntilBytes: NEW_FOR_BYTES,
    gapBytes: 0,
  };
}

/** True for a client that has answered a ping; only such a one can be judged by its answers. */
export function hasAnswered({ answered }: Marks): boolean {
  return answered > 0;
}

/** True while nobody can know yet whether it answers. */
export function awaitsFirstAnswer(marks: Marks, nowMs: number): boolean {
  return !hasAnswered(marks) && marks.firstMs !== null && nowMs - marks.firstMs < FIRST_ANSWER_MS;
}

/** True for a client that answers and has not shown yet how quickly it reads. */
export function isNew(marks: Marks): boolean {
  return hasAnswered(marks) && marks.answeredBytes < marks.newUntilBytes;
}

/** True for one that is new and has read next to nothing. */
export function isAtFirst(marks: Marks): boolean {
  return hasAnswered(marks) && marks.answeredBytes < marks.newUntilBytes - NEW_FOR_BYTES + FIRST_BYTES;
}

/** What it has read so far shows nothing any more. */
export function asNew(before: Marks): Marks {
  return { ...before, newUntilBytes: before.answeredBytes + NEW_FOR_BYTES };
}

/** How much longer than there and back the mark that is waited for was under way; `null` while it is. */
export function lateMs({ tookMs, leastMs }: Marks): number | null {
  return tookMs === null ? null : tookMs - leastMs;
}

/** Bytes that the client was written and has not answered for. */
export function unansweredBytes(marks: Marks): number {
  return hasAnswered(marks) ? marks.markedBytes - marks.answeredBytes : 0;
}

/** Who is new or late with its answers is asked more often, so that its progress shows. */
export function isMarkDue(marks: Marks, writtenBytes: number, nowMs: number): boolean {
  const everyBytes = markEveryBytes(marks);
  const isSoon = everyBytes === MARK_EVERY_BYTES && nowMs - marks.markedMs < MARK_EVERY_MS;
  return writtenBytes - marks.markedBytes >= (isSoon ? MARK_AFTER_BYTES : everyBytes);
}

/** The least between two marks. */
export function markEveryBytes(marks: Marks): number {
  if (isAtFirst(marks)) return MARK_EVERY_BYTES_AT_FIRST;
  return isNew(marks) || marks.answered < marks.newest ? MARK_EVERY_BYTES_WHEN_LATE : MARK_EVERY_BYTES;
}

export function placeMark(before: Marks, writtenBytes: number, nowMs: number): Marks {
  const gapBytes = Math.max(before.gapBytes, writtenBytes - before.markedBytes);
  const newest = before.newest + 1;
  const firstMs = before.firstMs ?? nowMs;
  return { ...before, newest, markedBytes: writtenBytes, markedMs: nowMs, firstMs, gapBytes };
}

/** From now on the newest mark is waited for. */
export function awaitMark(before: Marks): Marks {
  return { ...before, awaited: before.newest, awaitedMs: before.markedMs, tookMs: null };
}

/** The payload of the ping that is the newest mark. */
export function renderMark({ markedBytes, newest }: Marks): string {
  return `${markedBytes}.${newest}`;
}

/** Takes the payload of a pong. One that is no mark, or none that can be expected, changes nothing. */
export function answerMark(before: Marks, payload: string, nowMs: number): Marks {
  const [, position, number] = MARK.exec(payload) ?? [];
  const [answered, answeredBytes] = [Number(number), Number(position)];
  const isExpected =
    answered > before.answered &&
    answered <= before.newest &&
    answeredBytes >= before.answeredBytes &&
    answeredBytes <= before.markedBytes;
  if (!isExpected) return before;
  // The first is the quickest of a slow client, for next to nothing is before it.
  const sinceMs = answered === 1 && before.firstMs !== null ? nowMs - before.firstMs : LONGEST_WAY_MS;
  const heard = { ...before, answered, answeredBytes, answeredMs: nowMs };
  const after = withTook({ ...heard, leastMs: Math.min(before.leastMs, sinceMs) }, nowMs);
  if (answered < before.newest) return after;
  const leastMs = Math.min(after.leastMs, nowMs - before.markedMs);
  return { ...after, answeredBytes: before.markedBytes, gapBytes: 0, leastMs };
}

function withTook(marks: Marks, nowMs: number): Marks {
  if (marks.awaited === 0 || marks.tookMs !== null || marks.answered < marks.awaited) return marks;
  const tookMs = nowMs - marks.awaitedMs;
  return { ...marks, tookMs, leastMs: Math.min(marks.leastMs, tookMs) };
}
