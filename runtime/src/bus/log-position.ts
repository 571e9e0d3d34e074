/**
 * Positions in a channel's log. {@link LOG_START} stands before every entry. A log that was lost (Redis came
 * back empty, or with an older copy) shows in that the position asked for is not in it any more.
 */
import { compareLogIds, LOG_ID_PATTERN } from '@pulsewire/shared-schema/names';
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
}

export interface ResumePoint {
  /** Read the entries after this id. */
  after: string;
  /** Messages after the position asked for may be missing. */
  gap: boolean;
}

/** True when every entry after `after` is still in the log; `null` and {@link LOG_START} ask for all. */
export function reachesBack(after: string | null, facts: LogFacts): boolean {
  return after === null || after === LOG_START ? !facts.trimmed : facts.contains;
}

/**
 * Where to read on. A log whose newest id is not above the position was either lost and begun anew by a clock that went back (then all of it is new),
 * or restored from an older copy (then `newestIsKnown`: its newest entry was delivered before).
 */
export function deriveResumePoint(
  position: string,
  facts: LogFacts & { newestIsKnown: boolean },
): ResumePoint {
  const gap = !reachesBack(position, facts);
  if (!gap || compareLogIds(facts.lastId, position) > 0) return { after: position, gap };
  return { after: facts.newestIsKnown ? facts.lastId : LOG_START, gap };
}

/** Throws `position_invalid` unless the position is a well-formed log id. */
export function checkPosition(position: string): void {
  if (!new RegExp(LOG_ID_PATTERN).test(position))
    throw new RuntimeError('position_invalid', 'a log position is <milliseconds>-<sequence>');
}
