/**
 * Whether an edge that is now brings anything. A gap up to now says that it does not; where no gap can be drawn, within
 * a stretch of hours or without any point in the range, the feed says it. Epoch milliseconds.
 */
import { GAP_INTERVALS, MAX_INTERVAL_MS, UNKNOWN_INTERVAL_MS } from '../../live/gaps.js';
import { intervalOf, type JoinedSeries, type Tail } from './join-live.js';

export interface HeardSeries extends JoinedSeries {
  readonly resolutionMs: number;
  readonly tail: Tail;
}

/** Since when none of the series has brought anything, up to `untilMs`; `null` when one of them has. */
export function deriveSilence(all: readonly HeardSeries[], untilMs: number): number | null {
  const starts = all.map((series) => silentSince(series, untilMs));
  const known = starts.filter((startMs) => startMs !== null);
  return known.length === 0 || known.length < starts.length ? null : Math.max(...known);
}

function silentSince({ points, gaps, resolutionMs, tail }: HeardSeries, untilMs: number): number | null {
  const gap = gaps.at(-1);
  if (gap !== undefined && gap[1] >= untilMs) return gap[0];
  const last = points.at(-1);
  const toldMs = tail.samples.at(-1)?.[0];
  if (toldMs !== undefined) {
    const heardMs = Math.max(toldMs, last?.[0] ?? toldMs);
    const timesMs = (resolutionMs === 0 ? points : tail.samples).map(([timeMs]) => timeMs);
    const intervalMs = timesMs.length < 2 ? MAX_INTERVAL_MS : intervalOf(timesMs);
    return untilMs - heardMs > GAP_INTERVALS * intervalMs ? heardMs : null;
  }
  const intervalMs = last === undefined ? UNKNOWN_INTERVAL_MS : MAX_INTERVAL_MS;
  if (untilMs - tail.sinceMs <= GAP_INTERVALS * intervalMs) return null;
  // Without any point the whole range was silent.
  return last === undefined ? (gap?.[0] ?? tail.sinceMs) : Math.min(tail.sinceMs, last[0] + resolutionMs);
}
