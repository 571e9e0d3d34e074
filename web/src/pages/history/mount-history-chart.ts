/** The edge to uPlot: one history chart in one place. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { HistoryChartData } from './chart-data.js';
import { HISTORY_CHART_PX, type HistoryChartInput, historyChartOptions } from './chart-look.js';

export interface HistoryChart {
  show(data: HistoryChartData): void;
  /** Draws again with other marks or another picked moment. */
  redraw(): void;
  stop(): void;
}

type MountOptions = Omit<HistoryChartInput, 'widthPx' | 'data'>;

export function mountHistoryChart(place: HTMLElement, options: MountOptions): HistoryChart {
  let shown: HistoryChartData | null = null;
  const widthOf = () => Math.max(160, place.clientWidth);
  const plot = new uPlot(
    historyChartOptions({ ...options, widthPx: widthOf(), data: () => shown }),
    undefined,
    place,
  );
  const resized = new ResizeObserver(() => {
    if (place.clientWidth > 0 && widthOf() !== plot.width)
      plot.setSize({ width: widthOf(), height: HISTORY_CHART_PX });
  });
  resized.observe(place);
  return {
    show(data) {
      shown = data;
      // For whoever cannot see a canvas: tests.
      place.dataset['gaps'] = String(data.gaps.length);
      place.dataset['points'] = String(data.timesMs.length);
      place.dataset['last'] = String(data.timesMs.at(-1) ?? '');
      const seconds = data.timesMs.map((timeMs) => timeMs / 1000);
      plot.setData([seconds, ...data.columns] as uPlot.AlignedData);
    },
    redraw: () => plot.redraw(false),
    stop() {
      resized.disconnect();
      plot.destroy();
    },
  };
}
