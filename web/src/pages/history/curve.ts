/**
 * A curve: what is drawn of one series. Points come from the server, each `[time, min, avg, max]` for a stretch of
 * `resolutionMs`, or for a single sample when that is 0. Breaks are `null`. Epoch milliseconds.
 */
import type { HistoryPoint, HistorySpan } from '@pulsewire/shared-schema/rest';

export interface Curve {
  readonly timesMs: readonly number[];
  readonly min: readonly (number | null)[];
  readonly avg: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/**
 * The line breaks between two points wherever a gap lies between the end of the one and the beginning of the other.
 * A gap within one point's stretch breaks nothing: the point is known.
 */
export function deriveCurve(
  points: readonly HistoryPoint[],
  gaps: readonly HistorySpan[],
  resolutionMs: number,
): Curve {
  const timesMs: number[] = [];
  const columns: [number | null, number | null, number | null][] = [];
  let gapIndex = 0;
  let previousEndMs = Number.NEGATIVE_INFINITY;
  for (const [timeMs, min, avg, max] of points) {
    while ((gaps[gapIndex]?.[1] ?? Number.POSITIVE_INFINITY) <= previousEndMs) gapIndex += 1;
    const gap = gaps[gapIndex];
    if (timesMs.length > 0 && gap !== undefined && gap[0] < timeMs && timeMs > previousEndMs) {
      timesMs.push((previousEndMs + timeMs) / 2);
      columns.push([null, null, null]);
    }
    timesMs.push(timeMs);
    columns.push([min, avg, max]);
    previousEndMs = timeMs + resolutionMs;
  }
  return {
    timesMs,
    min: columns.map(([min]) => min),
    avg: columns.map(([, avg]) => avg),
    max: columns.map(([, , max]) => max),
  };
}

/** Lowest, highest and, weighed by time alike, average of what is known within a span; `null` when nothing is. */
export interface Summary {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly last: number;
}

export function summarize(points: readonly HistoryPoint[], fromMs: number, toMs: number): Summary | null {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = Number.NaN;
  for (const [timeMs, low, avg, high] of points) {
    if (timeMs < fromMs || timeMs > toMs) continue;
    count += 1;
    sum += avg;
    min = Math.min(min, low);
    max = Math.max(max, high);
    last = avg;
  }
  return count === 0 ? null : { min, avg: sum / count, max, last };
}

/** The average of the stretch, or the value of the sample, that is known at a moment; `null` within a gap. */
export function valueAt(
  { points, gaps }: { readonly points: readonly HistoryPoint[]; readonly gaps: readonly HistorySpan[] },
  timeMs: number,
): number | null {
  if (gaps.some(([fromMs, toMs]) => timeMs > fromMs && timeMs < toMs)) return null;
  const [first] = points;
  if (first === undefined || timeMs < first[0]) return null;
  return points[indexAtOrBefore(points, timeMs)]?.[2] ?? null;
}

function indexAtOrBefore(points: readonly HistoryPoint[], timeMs: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((points[middle]?.[0] ?? 0) <= timeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
