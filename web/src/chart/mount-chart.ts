/** The edge to uPlot: one chart in one place, drawn while it can be seen. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { joined } from '../format/quantity.js';
import type { Language } from '../i18n/languages.js';
import { type ChartData, deriveChartData } from '../live/chart-data.js';
import { GAP_INTERVALS } from '../live/gaps.js';
import type { LiveStore } from '../live/live-store.js';
import type { Ring } from '../live/ring.js';
import type { PageClock } from '../platform/clock.js';
import { CHART_HEIGHT_PX, chartOptions, readColours } from './chart-options.js';
import { BUSY_DRAW_MS, IDLE_DRAW_MS, onBeat } from './chart-pulse.js';
import type { ChartSpec } from './chart-specs.js';

export interface MountChartOptions {
  readonly clock: PageClock;
  readonly store: LiveStore;
  readonly host: string;
  readonly spec: ChartSpec;
  readonly language: Language;
  readonly place: HTMLElement;
  /** Where the legend shows the value of each series. */
  readonly values: readonly HTMLElement[];
}

/** Returns the function that removes the chart. */
export function mountChart(options: MountChartOptions): () => void {
  const { clock, store, host, spec, language, place, values } = options;
  let data: ChartData | null = null;
  let cursorIndex: number | null = null;
  let visible = false;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let drawnLastMs = Number.NaN;

  const plot = new uPlot(
    chartOptions({
      spec,
      host,
      language,
      colours: readColours(place),
      widthPx: Math.max(80, place.clientWidth),
      data: () => data,
      onCursor: (index) => {
        cursorIndex = index;
        showValues();
      },
    }),
    undefined,
    place,
  );

  /** What the cursor points at, else the newest value: the same that the gauge shows, and in the same moment. */
  function showValues(): void {
    const model = store.host(host);
    for (const [at, { metric }] of spec.series.entries()) {
      const ring = model?.history(metric) ?? null;
      const pointed = data === null || cursorIndex === null ? null : knownValue(data, at, cursorIndex);
      showValue(values[at], pointed ?? newestValue(ring), ring === null);
    }
  }

  /** A series that the host does not have, as swap, has no place in the legend. */
  function showValue(element: HTMLElement | undefined, value: number | null, hidden: boolean): void {
    if (element === undefined) return;
    if (element.parentElement !== null) element.parentElement.hidden = hidden;
    const shown = value === null ? '–' : joined(spec.format(value));
    if (element.textContent !== shown) element.textContent = shown;
  }

  function draw(nowMs: number): void {
    const model = store.host(host);
    if (model === undefined) return;
    const rings = spec.series.map(({ metric }) => model.history(metric));
    const lastMs = Math.max(...rings.map((ring) => ring?.lastTimeMs ?? Number.NEGATIVE_INFINITY));
    if (nowMs - drawnMs < (lastMs === drawnLastMs ? IDLE_DRAW_MS : BUSY_DRAW_MS)) return;
    drawnMs = nowMs;
    drawnLastMs = lastMs;
    data = deriveChartData({
      rings,
      nowMs: model.nowMs(nowMs),
      patienceMs: GAP_INTERVALS * model.intervalMs(spec.series[0]?.metric ?? 'cpu'),
      widthPx: plot.bbox.width / uPlot.pxRatio,
      top: spec.top,
    });
    // For whoever cannot see a canvas: tests.
    place.dataset['gaps'] = String(data.gaps.length);
    place.dataset['points'] = String(data.timesMs.length);
    const seconds = data.timesMs.map((timeMs) => timeMs / 1000);
    plot.setData([seconds, ...data.columns] as uPlot.AlignedData);
  }

  const resized = new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: CHART_HEIGHT_PX });
  });
  const seen = new IntersectionObserver(([entry]) => {
    visible = entry?.isIntersecting === true;
    if (!visible) return;
    draw(clock.nowMs());
    showValues();
  });
  draw(clock.nowMs());
  resized.observe(place);
  seen.observe(place);
  showValues();
  const stopValues = store.subscribe(() => {
    if (visible) showValues();
  });
  const stopBeat = onBeat(clock, (nowMs) => {
    if (visible) draw(nowMs);
  });

  return () => {
    stopBeat();
    stopValues();
    seen.disconnect();
    resized.disconnect();
    plot.destroy();
  };
}

function newestValue(ring: Ring | null): number | null {
  return ring === null || ring.length === 0 ? null : ring.valueAt(ring.length - 1);
}

/** The value under the cursor; of a series without a point there, the one before it. */
function knownValue(data: ChartData, at: number, cursorIndex: number): number | null {
  const column = data.columns[at];
  if (column === undefined) return null;
  let index = cursorIndex;
  while (index > 0 && column[index] === undefined) index--;
  return column[index] ?? null;
}
