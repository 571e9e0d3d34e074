import {
  type KeyboardEvent,
  memo,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { type LogLine, lineKey, splitMatches } from './log-line.js';
import type { LogView } from './log-model.js';
import { deriveVisibleRows, isAtEnd } from './visible-rows.js';
import { LOGS_WORDS } from './words.js';
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
}

const ROW_PX = 22;
const NARROW_ROW_PX = 40;
const NARROW = '(max-width: 700px)';

/** Thousands of lines, of which those on the screen are drawn. A screen reader is not told every line. */
export function LogList(props: LogListProps) {
  const { view, search, label, follows, onFollows, onTop, onBottom } = props;
  const { chosen, onChoose, atMs = null } = props;
  const place = useRef<HTMLDivElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const [heightPx, setHeightPx] = useState(480);
  const rowPx = useSyncExternalStore(watchWidth, readRowPx);
  const { lines, shift } = view;
  const shiftBefore = useRef(shift);
  const shownAt = useRef<number | null>(null);
  /** Where the moment was put last. */
  const putPx = useRef<number | null>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const resized = new ResizeObserver(() => setHeightPx(element.clientHeight));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  // What is on the screen stays there, whatever was put before it or dropped there.
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const movedPx = (shift - shiftBefore.current) * rowPx;
    shiftBefore.current = shift;
    if (follows) element.scrollTop = lines.length * rowPx;
    else if (movedPx !== 0) element.scrollTop = Math.max(0, element.scrollTop + movedPx);
    setScrollPx(element.scrollTop);
  }, [lines, shift, follows, rowPx]);

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || atMs === null || shownAt.current === atMs) return;
    const index = lines.findIndex((line) => Date.parse(line.timestamp) >= atMs);
    if (index < 0) return;
    // Until enough lines follow it, it moves up with each that comes; but not under somebody who scrolls.
    const isMoved = putPx.current !== null && Math.abs(element.scrollTop - putPx.current) > 1;
    const wantedPx = Math.max(0, index * rowPx - element.clientHeight / 2);
    if (!isMoved) element.scrollTop = wantedPx;
    putPx.current = element.scrollTop;
    if (isMoved || element.scrollTop >= wantedPx - 1) shownAt.current = atMs;
    setScrollPx(element.scrollTop);
  }, [lines, atMs, rowPx]);

  function onScroll(): void {
    const element = place.current;
    if (element === null) return;
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
    const from = current >= 0 ? current + step : Math.floor(scrollPx / rowPx);
    const next = lines[Math.min(lines.length - 1, Math.max(0, from))];
    if (next === undefined) return;
    onChoose(next);
    const top = lines.indexOf(next) * rowPx;
    const element = place.current;
    if (element === null) return;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight;
  }

  const { first, end } = deriveVisibleRows(scrollPx, heightPx, rowPx, lines.length);
  return (
    <div
      ref={place}
      className="log-list"
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
      <div className="log-space" style={{ height: lines.length * rowPx }}>
        {lines.slice(first, end).map((line, index) => (
          <LogRow
            key={lineKey(line)}
            line={line}
            topPx={(first + index) * rowPx}
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

/** As the style sheet has it; a phone that is turned, or a window that is made narrow, has others. */
function readRowPx(): number {
  return window.matchMedia(NARROW).matches ? NARROW_ROW_PX : ROW_PX;
}

function watchWidth(onChange: () => void): () => void {
  const narrow = window.matchMedia(NARROW);
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
}

function isMoment(lines: readonly LogLine[], index: number, atMs: number): boolean {
  const before = lines[index - 1];
  const timeMs = Date.parse(lines[index]?.timestamp ?? '');
  return timeMs >= atMs && (before === undefined || Date.parse(before.timestamp) < atMs);
}

interface LogRowProps {
  line: LogLine;
  topPx: number;
  search: string;
  isChosen: boolean;
  isMoment: boolean;
  onChoose: (line: LogLine) => void;
}

const LogRow = memo(function LogRow({ line, topPx, search, isChosen, isMoment, onChoose }: LogRowProps) {
  const { language, clock } = useSpeech();
  const { level, service, message, timestamp } = line;
  const time = `${clock(Date.parse(timestamp))}.${timestamp.slice(20, 23).replace(/\D/g, '').padEnd(3, '0')}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={`log-row level-${level} ${isChosen ? 'chosen' : ''} ${isMoment ? 'moment' : ''}`}
      style={{ transform: `translateY(${topPx}px)` }}
      data-testid="log-row"
      onClick={() => onChoose(line)}
    >
      <span className="log-time">{time}</span>
      <span className="log-level">{LOGS_WORDS[language].level[level]}</span>
      <span className="log-service" title={service}>
        {service}
      </span>
      <span className="log-message">
        {splitMatches(message, search).map((piece, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text
          index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece,
        )}
      </span>
    </div>
  );
});
