/**
 * History meets the feed. The recorder writes up to a second after the feed has told, so both know the time around
 * the seam: what history has counts, what comes after it is the feed's, and nothing is drawn twice. With stretches
 * of a minute and more the feed's samples are put into stretches as well.
 */
import type { HistoryPoint, HistorySpan } from '@pulsewire/shared-schema/rest';
import { addStep, deriveIntervalMs, GAP_INTERVALS } from '../../live/gaps.js';

/** Samples of the feed, oldest first: time by the producer's clock, value. */
export interface Tail {
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
  /** From when on the tail has every sample. */
  readonly sinceMs: number;
}

export interface JoinedSeries {
  readonly points: readonly HistoryPoint[];
  readonly gaps: readonly HistorySpan[];
}

export interface JoinInput extends JoinedSeries {
  readonly resolutionMs: number;
  readonly tail: Tail;
  /** Now, or the end of what is shown: silence up to here may be a gap. */
  readonly untilMs: number;
}

const STEPS_READ = 6;
/** By then the recorder has written what was told. */
const RECORDER_MS = 3000;

export function joinLive({ points, gaps, resolutionMs, tail, untilMs }: JoinInput): JoinedSeries {
  const lastMs = points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const fresh = tail.samples.filter(([timeMs]) => timeMs <= untilMs);
  if (fresh.length === 0) return { points, gaps: withSilence(gaps, points, resolutionMs, untilMs) };
  const added =
    resolutionMs === 0 ? after(fresh, lastMs) : bucketsAfter(fresh, points, tail.sinceMs, resolutionMs);
  const joined = resolutionMs === 0 ? [...points, ...added] : mergeBuckets(points, added);
  return { points: joined, gaps: joinGaps(gaps, points, fresh, resolutionMs, untilMs) };
}

/** Without a sample of the feed, what history lacks at its end is a gap up to now, however long ago history was asked. */
function withSilence(
  gaps: readonly HistorySpan[],
  points: readonly HistoryPoint[],
  resolutionMs: number,
  untilMs: number,
): readonly HistorySpan[] {
  const last = points.at(-1);
  if (last === undefined) return gaps;
  const endMs = last[0] + resolutionMs;
  const patienceMs =
    GAP_INTERVALS * Math.max(intervalOf(points.slice(-STEPS_READ).map(([timeMs]) => timeMs)), resolutionMs) +
    RECORDER_MS;
  if (untilMs - endMs <= patienceMs) return gaps;
  const own = gaps.filter(([fromMs]) => fromMs < last[0]);
  return [...own, [gaps[own.length]?.[0] ?? endMs, untilMs]];
}

function after(samples: Tail['samples'], lastMs: number): HistoryPoint[] {
  return samples
    .filter(([timeMs]) => timeMs > lastMs)
    .map(([timeMs, value]): HistoryPoint => [timeMs, value, value, value]);
}

/** A stretch of which the tail has not seen the beginning is history's, and only widened by the tail. */
function bucketsAfter(
  samples: Tail['samples'],
  points: readonly HistoryPoint[],
  sinceMs: number,
  widthMs: number,
): HistoryPoint[] {
  const known = new Map(points.map((point) => [point[0], point]));
  const lastMs = points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const buckets = new Map<number, number[]>();
  for (const [timeMs, value] of samples) {
    const startMs = Math.floor(timeMs / widthMs) * widthMs;
    if (startMs < lastMs) continue;
    const values = buckets.get(startMs);
    if (values === undefined) buckets.set(startMs, [value]);
    else values.push(value);
  }
  return [...buckets].map(([startMs, values]): HistoryPoint => {
    const point = known.get(startMs);
    const own = summary(startMs, values);
    if (point === undefined || sinceMs <= startMs) return own;
    return [startMs, Math.min(point[1], own[1]), point[2], Math.max(point[3], own[3])];
  });
}

function summary(startMs: number, values: readonly number[]): HistoryPoint {
  const sum = values.reduce((total, value) => total + value, 0);
  return [startMs, Math.min(...values), sum / values.length, Math.max(...values)];
}

function mergeBuckets(points: readonly HistoryPoint[], added: readonly HistoryPoint[]): HistoryPoint[] {
  const replaced = new Set(added.map(([timeMs]) => timeMs));
  return [...points.filter(([timeMs]) => !replaced.has(timeMs)), ...added].sort((a, b) => a[0] - b[0]);
}

/**
 * History's own gaps, but for the silence at its end: it may be only what the recorder had not written yet. From
 * there on the samples themselves tell, by the interval that they have.
 */
function joinGaps(
  gaps: readonly HistorySpan[],
  points: readonly HistoryPoint[],
  samples: Tail['samples'],
  resolutionMs: number,
  untilMs: number,
): HistorySpan[] {
  const last = points.at(-1);
  const seamMs = last === undefined ? Number.NEGATIVE_INFINITY : last[0];
  const tailMs = samples.map(([timeMs]) => timeMs).filter((timeMs) => timeMs > seamMs);
  // Two samples of the feed tell an interval; before that only history does.
  const paced =
    resolutionMs === 0 ? [...points.slice(-STEPS_READ).map(([timeMs]) => timeMs), ...tailMs] : null;
  const patienceMs = GAP_INTERVALS * intervalOf(paced ?? samples.map(([timeMs]) => timeMs));
  const own = gaps.filter(([fromMs]) => fromMs < seamMs);
  // The last stretch is known up to an unknown moment within it.
  let endMs = last === undefined ? (tailMs[0] ?? untilMs) : seamMs + resolutionMs;
  for (const timeMs of [...tailMs, untilMs]) {
    if (timeMs - endMs > patienceMs) own.push([endMs, timeMs]);
    endMs = Math.max(endMs, timeMs);
  }
  return own;
}

/** By the last few of them, oldest first. */
export function intervalOf(timesMs: readonly number[]): number {
  let steps: readonly number[] = [];
  const recent = timesMs.slice(-STEPS_READ);
  for (const [index, timeMs] of recent.entries()) {
    const beforeMs = recent[index - 1];
    if (beforeMs !== undefined) steps = addStep(steps, timeMs - beforeMs);
  }
  return deriveIntervalMs(steps);
}
