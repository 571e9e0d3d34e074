/**
 * The data of the history page's charts: series of one unit share a chart, and a time axis. Columns of a series are
 * its highest, lowest and average values; of the other period the average alone. Epoch milliseconds.
 */
import type { HistorySpan } from '@pulsewire/shared-schema/rest';
import { alignLines, type Line } from '../../live/line.js';
import { largest } from '../../live/scales.js';
import { type Curve, deriveCurve } from './curve.js';
import type { LoadedSeries } from './load-history.js';
import type { Span } from './range.js';
import { unitFormat } from './unit-format.js';

/** One series as it is drawn. `slot`: its place among the chosen ones, which gives it colour and dashes. */
export interface DrawnSeries {
  readonly series: LoadedSeries;
  readonly compared: LoadedSeries | null;
  readonly slot: number;
}

export interface ChartGroup {
  readonly unit: string | null;
  readonly members: readonly DrawnSeries[];
}

export interface HistoryChartData {
  readonly span: Span;
  readonly timesMs: readonly number[];
  readonly columns: readonly (readonly (number | null | undefined)[])[];
  /** Where nothing of the chart is known. */
  readonly gaps: readonly HistorySpan[];
  readonly top: number;
}

/** In the order in which their first member was chosen. */
export function groupByUnit(drawn: readonly DrawnSeries[]): readonly ChartGroup[] {
  const groups = new Map<string | null, DrawnSeries[]>();
  for (const member of drawn) {
    const { unit } = member.series;
    groups.set(unit, [...(groups.get(unit) ?? []), member]);
  }
  return [...groups].map(([unit, members]) => ({ unit, members }));
}

/** Whether points stand for stretches: samples have no lowest and highest of their own. */
export function hasBand({ members }: ChartGroup): boolean {
  return members.some(({ series }) => series.resolutionMs > 0);
}

export function hasCompared({ members }: ChartGroup): boolean {
  return members.some(({ compared }) => compared !== null);
}

export function deriveHistoryChart(
  group: ChartGroup,
  span: Span,
  options: { readonly band: boolean },
): HistoryChartData {
  const band = options.band && hasBand(group);
  const compare = hasCompared(group);
  const lines = group.members.flatMap(({ series, compared }) => {
    const curve = clip(series, span);
    return [
      ...(band ? [lineOf(curve, 'max'), lineOf(curve, 'min')] : []),
      lineOf(curve, 'avg'),
      ...(compare ? [compared === null ? NOTHING : lineOf(clip(compared, span), 'avg')] : []),
    ];
  });
  const { timesMs, columns } = alignLines(lines);
  return {
    span,
    timesMs,
    columns,
    gaps: commonGaps(group.members.map(({ series }) => drawnGaps(series))),
    top: unitFormat(group.unit).top(largest(columns)),
  };
}

const NOTHING: Line = { timesMs: [], values: [] };

function lineOf(curve: Curve, column: 'min' | 'avg' | 'max'): Line {
  return { timesMs: curve.timesMs, values: curve[column] };
}

/** Points within the span, and one on either side, so that the line enters and leaves at the edges. */
function clip({ points, gaps, resolutionMs }: LoadedSeries, { fromMs, toMs }: Span): Curve {
  const first = points.findIndex(([timeMs]) => timeMs >= fromMs);
  const last = points.findLastIndex(([timeMs]) => timeMs <= toMs);
  const inside = first < 0 ? [] : points.slice(Math.max(0, first - 1), last + 2);
  return deriveCurve(inside, gaps, resolutionMs);
}

/** What is left of the gaps beside the stretches that have a point: those are known, if only in part. */
export function drawnGaps({
  points,
  gaps,
  resolutionMs,
}: Pick<LoadedSeries, 'points' | 'gaps' | 'resolutionMs'>): readonly HistorySpan[] {
  if (resolutionMs === 0) return gaps;
  const left: HistorySpan[] = [];
  let next = 0;
  for (const [fromMs, toMs] of gaps) {
    let startMs = fromMs;
    while ((points[next]?.[0] ?? Number.POSITIVE_INFINITY) + resolutionMs <= fromMs) next += 1;
    for (let index = next; startMs < toMs; index += 1) {
      const pointMs = points[index]?.[0] ?? Number.POSITIVE_INFINITY;
      if (Math.min(pointMs, toMs) > startMs) left.push([startMs, Math.min(pointMs, toMs)]);
      startMs = Math.max(startMs, pointMs + resolutionMs);
    }
  }
  return left;
}

/** What all lists have in common. Each is in order of time and free of overlaps. */
export function commonGaps(lists: readonly (readonly HistorySpan[])[]): readonly HistorySpan[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly HistorySpan[]>(
    (common, gaps) =>
      common.flatMap(([fromMs, toMs]) =>
        gaps.flatMap(([otherFromMs, otherToMs]): HistorySpan[] => {
          const start = Math.max(fromMs, otherFromMs);
          const end = Math.min(toMs, otherToMs);
          return start < end ? [[start, end]] : [];
        }),
      ),
    first,
  );
}
