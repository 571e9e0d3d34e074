/** The layout of a list of lines in a place of the page: its width, its letters, the rows of the style sheet. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type LogLayout, layOutEven, WrapMeasure } from './log-layout.js';
import type { LogLine } from './log-line.js';

/** As the style sheet has them. */
const WIDE = { rowPx: 22, linePx: 22, besidePx: 50, besideColumns: 12 + 5 + 18 };
const NARROW = { rowPx: 40, linePx: 18, besidePx: 20, besideColumns: 0 };
const NARROW_QUERY = '(max-width: 700px)';
/** Reserved for a bar that overlays the text, and for rounding. */
const SLACK_COLUMNS = 1;
const FEWEST_COLUMNS = 10;

export interface PlacedLayout {
  readonly layout: LogLayout;
  readonly rowPx: number;
  readonly heightPx: number;
}

export function useLogLayout(
  place: { readonly current: HTMLElement | null },
  { lines, wrap, search }: { lines: readonly LogLine[]; wrap: boolean; search: string },
): PlacedLayout {
  const [size, setSize] = useState({ widthPx: 0, heightPx: 480, letterPx: 7 });
  const isNarrow = useSyncExternalStore(watchWidth, () => window.matchMedia(NARROW_QUERY).matches);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const resized = new ResizeObserver(() =>
      setSize({
        widthPx: element.clientWidth,
        heightPx: element.clientHeight,
        letterPx: measureLetter(element),
      }),
    );
    resized.observe(element);
    return () => resized.disconnect();
  }, [place]);

  const { rowPx, linePx, besidePx, besideColumns } = isNarrow ? NARROW : WIDE;
  const fitting = Math.floor((size.widthPx - besidePx) / size.letterPx) - besideColumns - SLACK_COLUMNS;
  const columns = Math.max(FEWEST_COLUMNS, fitting);
  const measure = useMemo(
    () => (wrap ? new WrapMeasure({ rowPx, linePx, columns, search }) : null),
    [wrap, rowPx, linePx, columns, search],
  );
  const layout = useMemo(
    () => measure?.layOut(lines) ?? layOutEven(lines.length, rowPx),
    [measure, lines, rowPx],
  );
  return { layout, rowPx, heightPx: size.heightPx };
}

function measureLetter(element: HTMLElement): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 7;
  context.font = getComputedStyle(element).font;
  return context.measureText('0').width || 7;
}

/** A phone that is turned, or a window that is made narrow, has other rows. */
function watchWidth(onChange: () => void): () => void {
  const narrow = window.matchMedia(NARROW_QUERY);
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
}
