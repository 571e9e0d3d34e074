import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import type { LogLayout } from './log-layout.js';
import { type LogLine, lineKey } from './log-line.js';
import type { LogView } from './log-model.js';
import { LogRow } from './log-row.js';
import { useLogLayout } from './use-log-layout.js';
import { deriveVisibleRows, isAtEnd, keepPlace } from './visible-rows.js';
import './logs.css';

interface LogListProps {
  view: LogView;
  search: string;
  label: string;
  /** Stays at the newest line. */
  follows: boolean;
  onFollows: (follows: boolean) => void;
  onTop?: () => void;
  onBottom?: () => void;
  chosen: LogLine | null;
  onChoose: (line: LogLine) => void;
  /** A line to be shown in the middle once it is there: the first at or after this moment. */
  atMs?: number | null;
  /** Long messages take several lines. */
  wrap?: boolean;
}

/** Thousands of lines, of which those on the screen are drawn. A screen reader is not told every line. */
export function LogList(props: LogListProps) {
  const { view, search, label, follows, onFollows, onTop, onBottom } = props;
  const { chosen, onChoose, atMs = null, wrap = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const { lines, shift } = view;
  const { layout, rowPx, heightPx } = useLogLayout(place, { lines, wrap, search });
  const before = useRef<{ shift: number; layout: LogLayout }>({ shift, layout });
  const seenPx = useRef(0);
  const shownAt = useRef<number | null>(null);
  /** Where the moment was put last. */
  const putPx = useRef<number | null>(null);

  // What is on the screen stays there, whatever was put before it or dropped there, wrapped or not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a place of another height has another end
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const was = before.current;
    before.current = { shift, layout };
    if (follows) element.scrollTop = layout.totalPx;
    else {
      // A list that became shorter has been moved up by the browser already.
      const isCut = element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
      const wasPx = isCut ? Math.max(element.scrollTop, seenPx.current) : element.scrollTop;
      const keptPx = keepPlace(wasPx, was.layout, layout, shift - was.shift);
      if (Math.abs(keptPx - element.scrollTop) > 0.5) element.scrollTop = keptPx;
    }
    seenPx.current = element.scrollTop;
    setScrollPx(element.scrollTop);
  }, [layout, shift, follows, heightPx]);

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || atMs === null || shownAt.current === atMs) return;
    const index = lines.findIndex((line) => Date.parse(line.timestamp) >= atMs);
    if (index < 0) return;
    // Until enough lines follow it, it moves up with each that comes; but not under somebody who scrolls.
    const isMoved = putPx.current !== null && Math.abs(element.scrollTop - putPx.current) > 1;
    const wantedPx = Math.max(0, layout.topOf(index) - element.clientHeight / 2);
    if (!isMoved) element.scrollTop = wantedPx;
    putPx.current = element.scrollTop;
    if (isMoved || element.scrollTop >= wantedPx - 1) shownAt.current = atMs;
    setScrollPx(element.scrollTop);
  }, [lines, atMs, layout]);

  // The place becomes lower when the chosen line's detail appears below it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another height, or another line, moves anything
  useLayoutEffect(() => {
    const index = chosen === null ? -1 : lines.indexOf(chosen);
    if (index >= 0 && !follows) showRow(index);
  }, [heightPx, chosen]);

  function showRow(index: number): void {
    const element = place.current;
    if (element === null) return;
    const topPx = layout.topOf(index);
    const endPx = topPx + layout.heightOf(index);
    if (topPx < element.scrollTop) element.scrollTop = topPx;
    else if (endPx > element.scrollTop + element.clientHeight)
      element.scrollTop = endPx - element.clientHeight;
  }

  function onScroll(): void {
    const element = place.current;
    if (element === null) return;
    seenPx.current = element.scrollTop;
    setScrollPx(element.scrollTop);
    const atEnd = isAtEnd(element.scrollTop, element.clientHeight, element.scrollHeight, rowPx);
    if (atEnd !== follows) onFollows(atEnd);
    if (element.scrollTop < 4 * rowPx) onTop?.();
    if (atEnd) onBottom?.();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || lines.length === 0) return;
    event.preventDefault();
    const current = chosen === null ? -1 : lines.indexOf(chosen);
    const wanted = current >= 0 ? current + step : layout.indexAt(scrollPx);
    const index = Math.min(lines.length - 1, Math.max(0, wanted));
    const next = lines[index];
    if (next === undefined) return;
    onChoose(next);
    showRow(index);
  }

  const { first, end } = deriveVisibleRows(scrollPx, heightPx, layout);
  return (
    <div
      ref={place}
      className={`log-list ${wrap ? 'wraps' : ''}`}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and its lines are chosen with the arrow keys
      tabIndex={0}
      data-testid="log-list"
      data-lines={lines.length}
      data-follows={follows}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div className="log-space" style={{ height: layout.totalPx }}>
        {lines.slice(first, end).map((line, index) => (
          <LogRow
            key={lineKey(line)}
            line={line}
            topPx={layout.topOf(first + index)}
            heightPx={layout.heightOf(first + index)}
            search={search}
            isChosen={line === chosen}
            isMoment={atMs !== null && isMoment(lines, first + index, atMs)}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  );
}

function isMoment(lines: readonly LogLine[], index: number, atMs: number): boolean {
  const before = lines[index - 1];
  const timeMs = Date.parse(lines[index]?.timestamp ?? '');
  return timeMs >= atMs && (before === undefined || Date.parse(before.timestamp) < atMs);
}
