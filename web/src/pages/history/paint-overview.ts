/** Draws the overview under the brush: a line for each series, each on its own scale, because only shapes matter here. */
import { shareOf } from './brush.js';
import type { HistoryColours } from './chart-look.js';
import { deriveCurve } from './curve.js';
import type { LoadedSeries } from './load-history.js';
import type { Span } from './range.js';

const MARGIN_SHARE = 0.08;

export function paintOverview(
  canvas: HTMLCanvasElement,
  series: readonly LoadedSeries[],
  whole: Span,
  colours: HistoryColours,
): void {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.clearRect(0, 0, width, height);
  context.lineWidth = devicePixelRatio;
  for (const [slot, { points, gaps, resolutionMs }] of series.entries()) {
    const curve = deriveCurve(points, gaps, resolutionMs);
    const top = Math.max(1e-9, ...curve.max.map((value) => value ?? 0));
    context.strokeStyle = colours.series[slot] ?? colours.text;
    context.beginPath();
    let isDown = false;
    for (const [index, value] of curve.avg.entries()) {
      if (value === null) {
        isDown = false;
        continue;
      }
      const x = shareOf(curve.timesMs[index] ?? 0, whole) * width;
      const y = height * (1 - MARGIN_SHARE - (value / top) * (1 - 2 * MARGIN_SHARE));
      if (isDown) context.lineTo(x, y);
      else context.moveTo(x, y);
      isDown = true;
    }
    context.stroke();
  }
}
