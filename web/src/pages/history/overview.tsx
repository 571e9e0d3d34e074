import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { type BrushPart, moveBrush, shareOf } from './brush.js';
import { PLOT_LEFT_PX, PLOT_RIGHT_PX, readHistoryColours } from './chart-look.js';
import type { LoadedSeries } from './load-history.js';
import { paintOverview } from './paint-overview.js';
import type { Span } from './range.js';
import { HISTORY_WORDS } from './words.js';

interface OverviewProps {
  /** Of the whole range. */
  series: readonly LoadedSeries[];
  whole: Span;
  window: Span;
  /** `isStep`: a new movement begins, which the browser's back undoes as a whole. */
  onWindow: (window: Span, isStep: boolean) => void;
}

const KEY_STEP = 0.02;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

/** The whole range, small, with the shown part as a window that can be dragged, by pointer, finger or arrow keys. */
export function Overview({ series, whole, window: shown, onWindow }: OverviewProps) {
  const { settings } = useApp();
  const { language, moment } = useSpeech();
  const { look } = useSyncExternalStore(settings.subscribe, settings.view);
  const words = HISTORY_WORDS[language];
  const canvas = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const drag = useRef<{ part: BrushPart; startPx: number; from: Span; moved: boolean } | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` changes the colours that are read
  useEffect(() => {
    const place = canvas.current;
    if (place === null) return;
    const paint = () => paintOverview(place, series, whole, readHistoryColours(place));
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(place);
    return () => resized.disconnect();
  }, [series, whole, look]);

  const begin = (part: BrushPart) => (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { part, startPx: event.clientX, from: shown, moved: false };
  };
  const move = (event: PointerEvent) => {
    const held = drag.current;
    const widthPx = strip.current?.clientWidth ?? 0;
    if (held === null || widthPx === 0) return;
    const byMs = ((event.clientX - held.startPx) / widthPx) * (whole.toMs - whole.fromMs);
    onWindow(moveBrush(held.from, held.part, byMs, whole), !held.moved);
    drag.current = { ...held, moved: true };
  };
  const end = () => {
    drag.current = null;
  };
  const press = (part: BrushPart) => (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onWindow(moveBrush(shown, part, step * KEY_STEP * (whole.toMs - whole.fromMs), whole), !event.repeat);
  };

  const left = shareOf(shown.fromMs, whole);
  const right = shareOf(shown.toMs, whole);
  const edges = [
    { part: 'from', label: words.brushFrom, share: left, timeMs: shown.fromMs },
    { part: 'to', label: words.brushTo, share: right, timeMs: shown.toMs },
  ] as const;
  return (
    <fieldset className="overview" style={{ paddingLeft: PLOT_LEFT_PX, paddingRight: PLOT_RIGHT_PX }}>
      <legend className="visually-hidden">{words.brush}</legend>
      <div className="overview-strip" ref={strip} data-testid="brush">
        <canvas ref={canvas} />
        <button
          type="button"
          className="brush-window"
          aria-label={words.brushWindow}
          style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
          onPointerDown={begin('window')}
          onPointerMove={move}
          onPointerUp={end}
          onKeyDown={press('window')}
        />
        {edges.map(({ part, label, share, timeMs }) => (
          <div
            key={part}
            role="slider"
            tabIndex={0}
            className={`brush-edge ${part}`}
            aria-label={label}
            aria-valuemin={whole.fromMs}
            aria-valuemax={whole.toMs}
            aria-valuenow={timeMs}
            aria-valuetext={moment(timeMs, whole.toMs)}
            data-testid={`brush-${part}`}
            style={{ left: `${share * 100}%` }}
            onPointerDown={begin(part)}
            onPointerMove={move}
            onPointerUp={end}
            onKeyDown={press(part)}
          />
        ))}
      </div>
    </fieldset>
  );
}
