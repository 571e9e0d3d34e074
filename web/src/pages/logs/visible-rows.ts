/** Which rows of a long list are on the screen. All rows have one height. */
export interface VisibleRows {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/** Drawn beyond the edges, so that a quick flick shows no blank. */
const MARGIN_ROWS = 12;

export function deriveVisibleRows(
  scrollPx: number,
  heightPx: number,
  rowPx: number,
  count: number,
): VisibleRows {
  const first = Math.max(0, Math.floor(scrollPx / rowPx) - MARGIN_ROWS);
  const end = Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + MARGIN_ROWS);
  return { first: Math.min(first, count), end: Math.max(end, Math.min(first, count)) };
}

/** At the end, or so near to it that the reader means to be there. */
export function isAtEnd(scrollPx: number, heightPx: number, totalPx: number, rowPx: number): boolean {
  return totalPx - scrollPx - heightPx < 1.5 * rowPx;
}
