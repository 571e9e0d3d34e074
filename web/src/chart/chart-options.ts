/** How a chart looks: options of uPlot from a chart's specification and the colours of the page. */
import type uPlot from 'uplot';
import { formatClock } from '../format/moment.js';
import { joined } from '../format/quantity.js';
import type { Language } from '../i18n/languages.js';
import type { ChartData } from '../live/chart-data.js';
import { isolatedIndexes } from '../live/line.js';
import type { ChartColour, ChartSpec } from './chart-specs.js';

export interface ChartColours extends Record<ChartColour, string> {
  readonly grid: string;
  readonly text: string;
  readonly gap: string;
  readonly font: string;
}

export const CHART_HEIGHT_PX = 136;
const MINUTE_S = 60;
const HALF_LABEL_PX = 12;

/** Reads the colours from the style sheet's custom properties. */
export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    a: read('--chart-a'),
    b: read('--chart-b'),
    c: read('--chart-c'),
    grid: read('--chart-grid'),
    text: read('--muted'),
    gap: read('--chart-gap'),
    font: `11px ${style.fontFamily}`,
  };
}

interface ChartOptionsInput {
  readonly spec: ChartSpec;
  readonly host: string;
  readonly language: Language;
  readonly colours: ChartColours;
  readonly widthPx: number;
  /** The data being drawn. */
  readonly data: () => ChartData | null;
  readonly onCursor: (index: number | null) => void;
}

export function chartOptions(input: ChartOptionsInput): uPlot.Options {
  const { spec, host, language, colours, widthPx, data, onCursor } = input;
  return {
    width: widthPx,
    height: CHART_HEIGHT_PX,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: `host:${host}` },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, range: () => [(data()?.fromMs ?? 0) / 1000, (data()?.toMs ?? 1000) / 1000] },
      y: { range: () => [0, data()?.top ?? 1] },
    },
    axes: [xAxis(colours, language), yAxis(colours, spec)],
    series: [{}, ...spec.series.map((series, at) => line(colours[series.colour], at === 0))],
    hooks: {
      drawClear: [(plot) => drawGaps(plot, data()?.gaps ?? [], colours.gap)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function line(colour: string, filled: boolean): uPlot.Series {
  return {
    stroke: colour,
    width: 1.5,
    // Eight-digit hexadecimal: the colour at 12 %.
    ...(filled ? { fill: `${colour}1f` } : {}),
    spanGaps: false,
    points: {
      show: false,
      size: 4,
      fill: colour,
      filter: (plot, at) => {
        const alone = isolatedIndexes(plot.data[at] as (number | null | undefined)[]);
        return alone.length === 0 ? null : alone;
      },
    },
  };
}

function xAxis(colours: ChartColours, language: Language): uPlot.Axis {
  return {
    stroke: colours.text,
    font: colours.font,
    size: 24,
    gap: 4,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    splits: (plot, _at, min, max) => {
      // A label nearer to an edge than half its width would be cut off.
      const marginS = ((max - min) * HALF_LABEL_PX * devicePixelRatio) / Math.max(1, plot.bbox.width);
      const first = Math.ceil((min + marginS) / MINUTE_S) * MINUTE_S;
      const count = Math.max(0, Math.floor((max - marginS - first) / MINUTE_S) + 1);
      return Array.from({ length: count }, (_, index) => first + index * MINUTE_S);
    },
    // Hours and minutes: the seconds of a full minute are always 00.
    values: (_plot, splits) => splits.map((second) => formatClock(second * 1000, language).slice(0, -3)),
  };
}

function yAxis(colours: ChartColours, spec: ChartSpec): uPlot.Axis {
  return {
    stroke: colours.text,
    font: colours.font,
    size: (_plot, labels) => 14 + 6.5 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
    gap: 6,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    splits: (_plot, _at, min, max) => [min, max / 2, max],
    values: (_plot, splits) => splits.map((value) => axisLabel(spec, value)),
  };
}

function axisLabel(spec: ChartSpec, value: number): string {
  if (value === 0) return '0';
  const { text, unit } = spec.format(value);
  return joined({ text: text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), unit: unit.replace('/s', '') });
}

/** A faint area where nothing is known, so that an empty stretch is not taken for a value of 0. */
export function drawGaps(plot: uPlot, gaps: ChartData['gaps'], colour: string): void {
  if (gaps.length === 0) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour;
  for (const [fromMs, toMs] of gaps) {
    const left = Math.max(bbox.left, plot.valToPos(fromMs / 1000, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(toMs / 1000, 'x', true));
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}
