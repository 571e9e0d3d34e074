/** How a history chart looks: options of uPlot from a group of series and the colours of the page. */
import type uPlot from 'uplot';
import { drawGaps } from '../../chart/chart-options.js';
import { joined } from '../../format/quantity.js';
import type { Language } from '../../i18n/languages.js';
import { isolatedIndexes } from '../../live/line.js';
import { type ChartGroup, type HistoryChartData, hasBand, hasCompared } from './chart-data.js';
import type { PointerCursor } from './pointer-cursor.js';
import type { Span } from './range.js';
import { formatTick, splitTicks } from './time-ticks.js';
import { unitFormat } from './unit-format.js';

/** The plot's own edges: the lane of marks and the brush keep to them, too. */
export const PLOT_LEFT_PX = 68;
export const PLOT_RIGHT_PX = 14;
export const HISTORY_CHART_PX = 220;
/** Series are told apart by dashes as well as by colour. */
const DASHES: readonly number[][] = [[], [8, 3], [3, 3], [10, 3, 2, 3], [], [8, 3], [3, 3], [10, 3, 2, 3]];
const SHORTEST_DRAG_PX = 5;
const AXIS_LABEL_PX = 84;

export interface HistoryColours {
  readonly series: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly gap: string;
  readonly mark: string;
  readonly panel: string;
  readonly font: string;
}

export function readHistoryColours(element: Element): HistoryColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    series: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => read(`--chart-${letter}`)),
    grid: read('--chart-grid'),
    text: read('--muted'),
    gap: read('--chart-gap'),
    mark: read('--warning-fill'),
    panel: read('--panel'),
    font: `11px ${style.fontFamily}`,
  };
}

export interface HistoryChartInput {
  readonly group: ChartGroup;
  readonly band: boolean;
  readonly language: Language;
  readonly colours: HistoryColours;
  readonly widthPx: number;
  readonly data: () => HistoryChartData | null;
  readonly marksMs: () => readonly number[];
  readonly momentMs: () => number | null;
  readonly pointer: PointerCursor;
  readonly onZoom: (span: Span) => void;
  readonly onMoment: (timeMs: number) => void;
  readonly onReset: () => void;
}

export function historyChartOptions(input: HistoryChartInput): uPlot.Options {
  const { colours, widthPx, data } = input;
  const drawn = deriveDrawnSeries(input);
  return {
    width: widthPx,
    height: HISTORY_CHART_PX,
    padding: [8, PLOT_RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      sync: { key: 'history' },
      points: { size: 6 },
      bind: { dblclick: () => () => resetRange(input) },
    },
    scales: {
      x: {
        time: true,
        range: () => [(data()?.span.fromMs ?? 0) / 1000, (data()?.span.toMs ?? 1000) / 1000],
      },
      y: { range: () => [0, data()?.top ?? 1] },
    },
    axes: [xAxis(input), yAxis(input)],
    series: [{}, ...drawn.series],
    bands: drawn.bands,
    hooks: {
      drawClear: [(plot) => drawGaps(plot, data()?.gaps ?? [], colours.gap)],
      draw: [(plot) => drawMoments(plot, input)],
      setCursor: [
        (plot) => {
          const { left, idx } = plot.cursor;
          const seconds = idx == null || left === undefined || left < 0 ? null : plot.posToVal(left, 'x');
          input.pointer.tell(seconds === null ? null : { leftPx: left ?? 0, timeMs: seconds * 1000 });
        },
      ],
      setSelect: [(plot) => takeSelection(plot, input.onZoom)],
      ready: [(plot) => listenForClicks(plot, input.onMoment)],
    },
  };
}

function deriveDrawnSeries({ group, band, colours }: HistoryChartInput): {
  series: uPlot.Series[];
  bands: uPlot.Band[];
} {
  const withBand = band && hasBand(group);
  const withCompared = hasCompared(group);
  const series: uPlot.Series[] = [];
  const bands: uPlot.Band[] = [];
  for (const { slot } of group.members) {
    const colour = colours.series[slot] ?? colours.text;
    if (withBand) {
      // Eight-digit hexadecimal: the colour at 16 %.
      bands.push({ series: [series.length + 1, series.length + 2], fill: `${colour}28` });
      series.push(edge(), edge());
    }
    series.push(line(colour, 1.6, DASHES[slot] ?? []));
    if (withCompared) series.push(line(`${colour}88`, 1.2, [2, 4]));
  }
  return { series, bands };
}

/** Bounds a band; it has no line of its own. */
function edge(): uPlot.Series {
  return { width: 0, spanGaps: false, points: { show: false } };
}

function line(stroke: string, width: number, dash: number[]): uPlot.Series {
  return {
    stroke,
    width,
    dash,
    spanGaps: false,
    points: {
      show: false,
      size: 4,
      fill: stroke,
      filter: (plot, at) => {
        const alone = isolatedIndexes(plot.data[at] as (number | null | undefined)[]);
        return alone.length === 0 ? null : alone;
      },
    },
  };
}

function xAxis({ colours, language, widthPx }: HistoryChartInput): uPlot.Axis {
  const most = Math.max(2, Math.floor((widthPx - PLOT_LEFT_PX) / AXIS_LABEL_PX));
  return {
    stroke: colours.text,
    font: colours.font,
    size: 26,
    gap: 4,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    splits: (_plot, _at, min, max) => splitTicks(min * 1000, max * 1000, most).map((timeMs) => timeMs / 1000),
    values: (plot, splits) => {
      const { min = 0, max = 0 } = plot.scales['x'] ?? {};
      return splits.map((seconds) => formatTick(seconds * 1000, ((max ?? 0) - (min ?? 0)) * 1000, language));
    },
  };
}

function yAxis({ colours, group }: HistoryChartInput): uPlot.Axis {
  const { format } = unitFormat(group.unit);
  const label = (value: number) => {
    const { text, unit } = format(value);
    return joined({ text: text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), unit });
  };
  return {
    stroke: colours.text,
    font: colours.font,
    size: PLOT_LEFT_PX,
    gap: 6,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    splits: (_plot, _at, min, max) => [0, 1, 2, 3, 4].map((quarter) => min + ((max - min) * quarter) / 4),
    values: (_plot, splits) => splits.map((value) => (value === 0 ? '0' : label(value))),
  };
}

/** Thin lines where something happened, a stronger one at the moment that was picked. */
function drawMoments(plot: uPlot, { marksMs, momentMs, colours }: HistoryChartInput): void {
  const { ctx, bbox } = plot;
  const draw = (timeMs: number, colour: string, width: number, dash: number[]) => {
    const x = plot.valToPos(timeMs / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width * devicePixelRatio;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  };
  ctx.save();
  for (const timeMs of marksMs()) draw(timeMs, `${colours.mark}99`, 1, [3, 3]);
  const picked = momentMs();
  if (picked !== null) draw(picked, colours.text, 1.5, []);
  ctx.restore();
}

function takeSelection(plot: uPlot, onZoom: (span: Span) => void): void {
  const { left, width } = plot.select;
  if (width < SHORTEST_DRAG_PX) return;
  const fromMs = plot.posToVal(left, 'x') * 1000;
  const toMs = plot.posToVal(left + width, 'x') * 1000;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom({ fromMs, toMs });
}

/** A click picks a moment; the end of a drag is no click. */
function listenForClicks(plot: uPlot, onMoment: (timeMs: number) => void): void {
  let pressedPx = 0;
  plot.over.addEventListener('pointerdown', (event) => {
    pressedPx = event.clientX;
  });
  plot.over.addEventListener('click', (event) => {
    if (Math.abs(event.clientX - pressedPx) >= SHORTEST_DRAG_PX) return;
    onMoment(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x') * 1000);
  });
}

/** uPlot takes `null` as: nothing more to do. */
function resetRange({ onReset }: HistoryChartInput): null {
  onReset();
  return null;
}
