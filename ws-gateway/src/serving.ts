/** What a gateway that has just started can serve already: who resumes needs no snapshot when the memory has it all. */
import type { LogReader } from './log-reader.js';
import { channelsOf } from './route.js';
import type { Selection } from './selection.js';
import type { SessionContext } from './session-context.js';

type Knowledge = Pick<SessionContext, 'isPrimed' | 'isLive' | 'recentLog'>;

export function canServe(gateway: Knowledge, selection: Selection, after: string | null): boolean {
  return gateway.isPrimed() || memoryReader(gateway, selection, after) !== null;
}

/** `null` when the memory does not have all since `after`. What is in it before it is live ends somewhere. */
export function memoryReader(
  { isLive, recentLog }: Knowledge,
  selection: Selection,
  after: string | null,
): LogReader | null {
  return after === null || !isLive() ? null : recentLog.readerFor(channelsOf(selection), after);
}
