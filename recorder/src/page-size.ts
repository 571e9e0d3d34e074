/** How much of a log to read at once. A page is in memory whole, and some channels have lines of a megabyte. */
import type { Entry } from './build-batch.js';

export const PAGE = { fewest: 20, most: 2500, bytes: 4_194_304 } as const;

/** Grows by degrees, so that a page is at most twice as large as one whose size was seen; shrinks at once. */
export function nextPageEntries(entries: readonly Pick<Entry, 'bytes'>[], limit: number): number {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  const fitting = Math.floor((PAGE.bytes * entries.length) / Math.max(1, bytes));
  return Math.max(PAGE.fewest, Math.min(PAGE.most, fitting, 2 * limit));
}
