import { memo, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { type ChartGroup, deriveHistoryChart, hasBand, hasCompared } from './chart-data.js';
import { readHistoryColours } from './chart-look.js';
import type { CursorStore } from './cursor-store.js';
import { type HistoryChart, mountHistoryChart } from './mount-history-chart.js';
import type { Span } from './range.js';
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
      onCursor: (timeMs) => cursor.set(timeMs),
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

  const names = group.members.map(({ series }) => nameSeries(series, words.metric)).join(', ');
  return (
    <div
      ref={place}
      className="chart history-chart"
      role="img"
      aria-label={words.chart(group.unit ?? '', names)}
      data-testid="history-chart"
      data-unit={group.unit}
    />
  );
});
