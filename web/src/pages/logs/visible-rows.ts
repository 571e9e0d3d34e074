/** Which rows of a long list are on the screen, and where it is to be scrolled to. Pixels. */
import type { LogLayout } from './log-layout.js';

export interface VisibleRows {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/** Drawn beyond the edges, so that a quick flick shows no blank. */
const MARGIN_ROWS = 12;

export function deriveVisibleRows(scrollPx: number, heightPx: number, layout: LogLayout): VisibleRows {
  if (layout.count === 0) return { first: 0, end: 0 };
  return {
    first: Math.max(0, layout.indexAt(scrollPx) - MARGIN_ROWS),
    end: Math.min(layout.count, layout.indexAt(scrollPx + heightPx) + 1 + MARGIN_ROWS),
  };
}

/** At the end, or so near to it that the reader means to be there. */
export function isAtEnd(scrollPx: number, heightPx: number, totalPx: number, rowPx: number): boolean {
  return totalPx - scrollPx - heightPx < 1.5 * rowPx;
}

/** The height at which another layout shows the row that is at the top now. `shift`: rows put before it since. */
export function keepPlace(scrollPx: number, before: LogLayout, after: LogLayout, shift: number): number {
  if (before.count === 0) return scrollPx;
  const index = before.indexAt(scrollPx);
  const withinPx = scrollPx - before.topOf(index);
  const moved = index + shift;
  if (moved < 0) return 0;
  return after.topOf(moved) + Math.min(withinPx, after.heightOf(Math.min(moved, after.count - 1)));
}
