/**
 * Positions in a channel's log. {@link LOG_START} stands before every entry. A log that was lost (Redis came
 * back empty, or with an older copy) shows in that the position asked for is not in it any more.
 */
import { compareLogIds, LOG_ID_PATTERN } from '@pulsewire/shared-schema';
import { RuntimeError } from '../errors.js';

export const LOG_START = '0-0';

/** What is known of a log when somebody wants to continue after a position. */
export interface LogFacts {
  /** Highest id ever given in this log, {@link LOG_START} when none. */
  lastId: string;
  /** Entries were dropped at the front. */
  trimmed: boolean;
  /** The position asked for is an entry of the log. */
  contains: boolean;
  /** How many there are. */
  entries: number;
}

/** True when every entry after `after` is still in the log; `null` and {@link LOG_START} ask for all. */
export function reachesBack(after: string | null, facts: Pick<LogFacts, 'trimmed' | 'contains'>): boolean {
  return after === null || after === LOG_START ? !facts.trimmed : facts.contains;
}

/**
 * After which id to read on from a position. A log whose newest id is below the position was either lost and begun
 * anew by a clock that went back (then all of it is new), or restored from an older copy (then `newestIsKnown`:
 * its newest entry was delivered before).
 */
export function deriveResumeAfter(position: string, lastId: string, newestIsKnown: boolean): string {
  if (compareLogIds(lastId, position) >= 0) return position;
  return newestIsKnown ? lastId : LOG_START;
}

/** Throws `position_invalid` unless the position is a well-formed log id. */
export function checkPosition(position: string): void {
  if (!new RegExp(LOG_ID_PATTERN).test(position))
    throw new RuntimeError('position_invalid', 'a log position is <milliseconds>-<sequence>');
}
