import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { type ChartGroup, deriveHistoryChart, hasBand, hasCompared } from './chart-data.js';
import { deriveChartKey } from './chart-keys.js';
import { readHistoryColours } from './chart-look.js';
import { ChartReadOut } from './chart-read-out.js';
import type { CursorStore } from './cursor-store.js';
import { type HistoryChart, mountHistoryChart } from './mount-history-chart.js';
import { createPointerCursor } from './pointer-cursor.js';
import type { Span } from './range.js';
import { deriveReadOut } from './read-out.js';
import { nameSeries } from './series-names.js';
import { HISTORY_WORDS } from './words.js';

interface HistoryChartProps {
  group: ChartGroup;
  span: Span;
  band: boolean;
  marksMs: readonly number[];
  momentMs: number | null;
  cursor: CursorStore;
  onZoom: (span: Span) => void;
  onZoomBy: (factor: number, aboutMs: number) => void;
  onMoment: (timeMs: number) => void;
  onReset: () => void;
}

/** One chart: the chosen series of one unit. React places it; uPlot draws it. */
export const HistoryChartView = memo(function HistoryChartView(props: HistoryChartProps) {
  const { group, span, band, marksMs, momentMs, cursor } = props;
  const { settings } = useApp();
  const { language } = useSpeech();
  const { look } = useSyncExternalStore(settings.subscribe, settings.view);
  const words = HISTORY_WORDS[language];
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<HistoryChart | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo(() => deriveHistoryChart(group, span, { band }), [group, span, band]);
  // What the chart is made of; while this stays, only its data change.
  const slots = group.members.map(({ slot }) => slot).join();
  const structure = `${group.unit} ${slots} ${band && hasBand(group)} ${hasCompared(group)} ${language} ${look}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure says when it must be made anew
  useEffect(() => {
    if (place.current === null) return;
    const made = mountHistoryChart(place.current, {
      group,
      band,
      language,
      colours: readHistoryColours(place.current),
      marksMs: () => latest.current.marksMs,
      momentMs: () => latest.current.momentMs,
      pointer: createPointerCursor(cursor),
      onZoom: (chosen) => latest.current.onZoom(chosen),
      onMoment: (timeMs) => latest.current.onMoment(timeMs),
      onReset: () => latest.current.onReset(),
    });
    chart.current = made;
    return () => {
      chart.current = null;
      made.stop();
    };
  }, [structure, cursor]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart that was made anew needs its data
  useEffect(() => chart.current?.show(data), [data, structure]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: both are drawn
  useEffect(() => chart.current?.redraw(), [marksMs, momentMs]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = deriveChartKey(event.key, cursor.view(), span);
    if (action === null) return;
    event.preventDefault();
    if (action.kind === 'cursor') cursor.set(action.timeMs);
    else if (action.kind === 'leave') cursor.set(null);
    else if (action.kind === 'pick') props.onMoment(action.timeMs);
    else props.onZoomBy(action.factor, action.aboutMs);
  }

  const names = group.members.map(({ series }) => nameSeries(series, words.metric)).join(', ');
  return (
    <div className="history-chart-place">
      <ChartSlider {...props} onKeyDown={onKeyDown} label={words.chart(group.unit ?? '', names)}>
        <div ref={place} className="chart history-chart" data-testid="history-chart" data-unit={group.unit} />
      </ChartSlider>
      <ChartReadOut group={group} span={span} cursor={cursor} />
    </div>
  );
});

interface ChartSliderProps extends HistoryChartProps {
  label: string;
  onKeyDown: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/** A chart is a slider over its time: what it says at a moment is its text. */
function ChartSlider({ group, span, cursor, label, onKeyDown, children }: ChartSliderProps) {
  const { language, moment } = useSpeech();
  const words = HISTORY_WORDS[language];
  const cursorMs = useSyncExternalStore(cursor.subscribe, cursor.view);
  const atMs = Math.min(Math.max(cursorMs ?? span.toMs, span.fromMs), span.toMs);
  const at = moment(atMs, span.toMs);
  const lines = deriveReadOut(group, atMs, words.metric).map(({ name, value, before }) =>
    before === null ? `${name} ${value}` : `${name} ${value}, ${words.before(before)}`,
  );
  return (
    <div
      role="slider"
      tabIndex={0}
      className="chart-slider"
      aria-label={label}
      aria-valuemin={span.fromMs}
      aria-valuemax={span.toMs}
      aria-valuenow={atMs}
      // Without a cursor the moving edge would be read out every second.
      aria-valuetext={cursorMs === null ? words.chartKeys : `${at}: ${lines.join('; ')}`}
      data-testid="chart-slider"
      onKeyDown={onKeyDown}
      onBlur={() => cursor.set(null)}
    >
      {children}
    </div>
  );
}
