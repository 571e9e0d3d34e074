/** The data of one chart at one moment, ready to draw. Pure; times in epoch milliseconds of the host's clock. */
import { alignLines, deriveGapRanges, deriveLine, downsample, type Line } from './line.js';
import type { Ring } from './ring.js';
import { largest } from './scales.js';
import { HISTORY_WINDOW_MS } from './series.js';

export interface ChartData {
  readonly timesMs: readonly number[];
  /** One column per series: `null` breaks the line, `undefined` lets it pass. */
  readonly columns: readonly (readonly (number | null | undefined)[])[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly top: number;
  /** Where nothing is known, the time since the last sample included once it is a gap. */
  readonly gaps: readonly (readonly [fromMs: number, toMs: number])[];
}

export interface ChartFacts {
  readonly rings: readonly (Ring | null)[];
  /** Now by the host's clock. */
  readonly nowMs: number;
  /** Silence for longer than this is a gap. */
  readonly patienceMs: number;
  /** Width of the drawing area in CSS pixels. */
  readonly widthPx: number;
  readonly top: (largest: number) => number;
}

const NOTHING: Line = { timesMs: [], values: [] };

export function deriveChartData({ rings, nowMs, patienceMs, widthPx, top }: ChartFacts): ChartData {
  const fromMs = nowMs - HISTORY_WINDOW_MS;
  const lines = rings.map((ring) =>
    ring === null ? NOTHING : downsample(deriveLine(ring, fromMs, nowMs), Math.max(1, Math.floor(widthPx))),
  );
  const { timesMs, columns } = alignLines(lines);
  const [main] = lines;
  const gaps = main === undefined ? [] : deriveGapRanges(main);
  const lastMs = timesMs.at(-1);
  if (lastMs !== undefined && nowMs - lastMs > patienceMs) gaps.push([lastMs, nowMs]);
  return { timesMs, columns, fromMs, toMs: nowMs, top: top(largest(columns)), gaps };
}
