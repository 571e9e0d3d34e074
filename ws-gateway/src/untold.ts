/** What a client that resumes from a log which no longer reaches back has to be told of the newest of every series: pure. */
import { type Channel, compareLogIds } from '@pulsewire/shared-schema';
import type { SeriesEntry } from './bounded-series.js';
import { channelOf } from './route.js';

/** `firstIds`: with which entry each log begins now, `null` when it is empty. */
export function untoldOf(
  newest: readonly SeriesEntry[],
  after: string,
  firstIds: ReadonlyMap<Channel, string | null>,
): SeriesEntry[] {
  // A position later than all that is known is of another log: it tells nothing about what the client has.
  const had = newest.some(({ id }) => id !== null && compareLogIds(id, after) >= 0) ? after : null;
  return newest.filter(({ id, message }) => isBetween(id, had, firstIds.get(channelOf(message)) ?? null));
}

/** True for an entry after `after` that comes before everything that the log still has; `null`: no such end. */
function isBetween(id: string | null, after: string | null, firstId: string | null): boolean {
  if (id === null) return true;
  if (after !== null && compareLogIds(id, after) <= 0) return false;
  return firstId === null || compareLogIds(id, firstId) < 0;
}
