/**
 * From history to what a chart draws. A line is two parallel lists: times in epoch milliseconds and values, where
 * `null` breaks the line and, after alignment, `undefined` means that another series has a point there.
 */
import type { Ring } from './ring.js';

export interface Line {
  readonly timesMs: readonly number[];
  readonly values: readonly (number | null | undefined)[];
}

/** The points between two times plus one before, so that the line enters from the edge. */
export function deriveLine(ring: Ring, fromMs: number, toMs: number): Line {
  const timesMs: number[] = [];
  const values: (number | null)[] = [];
  for (let index = Math.max(0, ring.indexAtOrAfter(fromMs) - 1); index < ring.length; index++) {
    const timeMs = ring.timeAt(index);
    if (timeMs > toMs) break;
    const value = ring.valueAt(index);
    timesMs.push(timeMs);
    values.push(Number.isNaN(value) ? null : value);
  }
  return { timesMs, values };
}

/**
 * At most two points per bucket, its lowest and its highest, in time order; breaks are kept. Peaks survive, and
 * a line that already fits comes back unchanged.
 */
export function downsample(line: Line, bucketCount: number): Line {
  const count = line.timesMs.length;
  const first = line.timesMs[0];
  const last = line.timesMs[count - 1];
  if (count <= bucketCount * 2 || first === undefined || last === undefined) return line;
  const bucketMs = (last - first) / bucketCount || 1;
  const keep = new Set<number>();
  let index = 0;
  while (index < count) {
    const bucket = bucketOf(line, index, first, bucketMs);
    let lowest = -1;
    let highest = -1;
    for (; index < count && bucketOf(line, index, first, bucketMs) === bucket; index++) {
      const value = line.values[index];
      if (value === null || value === undefined) {
        keep.add(index);
        continue;
      }
      if (lowest < 0 || value < (line.values[lowest] ?? 0)) lowest = index;
      if (highest < 0 || value > (line.values[highest] ?? 0)) highest = index;
    }
    if (lowest >= 0) keep.add(lowest).add(highest);
  }
  const kept = [...keep].sort((a, b) => a - b);
  return {
    timesMs: kept.map((at) => line.timesMs[at] ?? 0),
    values: kept.map((at) => line.values[at]),
  };
}

/** Several lines on one time axis, in the order given: `[times, values, values, …]`. */
export function alignLines(lines: readonly Line[]): {
  timesMs: readonly number[];
  columns: (readonly (number | null | undefined)[])[];
} {
  const [first] = lines;
  if (first !== undefined && lines.every((line) => sameTimes(line.timesMs, first.timesMs)))
    return { timesMs: first.timesMs, columns: lines.map((line) => line.values) };
  const timesMs = [...new Set(lines.flatMap((line) => line.timesMs))].sort((a, b) => a - b);
  const columns = lines.map((line) => {
    const byTime = new Map(line.timesMs.map((timeMs, index) => [timeMs, line.values[index]]));
    return spreadBreaks(timesMs.map((timeMs) => byTime.get(timeMs)));
  });
  return { timesMs, columns };
}

/**
 * A break lasts from the last value before it to the next one after it, whatever points other lines have there:
 * the chart opens a line only between the neighbours of a `null`.
 */
function spreadBreaks(column: (number | null | undefined)[]): (number | null | undefined)[] {
  for (let from = 0; from < column.length; from += 1) {
    if (typeof column[from] === 'number') continue;
    let end = from;
    let broken = false;
    for (; end < column.length && typeof column[end] !== 'number'; end += 1) broken ||= column[end] === null;
    if (broken) column.fill(null, from, end);
    from = end;
  }
  return column;
}

/** Times between which nothing is known: from the last value before each break to the next value after it. */
export function deriveGapRanges(line: Line): (readonly [fromMs: number, toMs: number])[] {
  const ranges: (readonly [number, number])[] = [];
  let lastValueMs: number | null = null;
  let broken = false;
  for (const [index, value] of line.values.entries()) {
    const timeMs = line.timesMs[index] ?? 0;
    if (value === null) broken = true;
    if (value === null || value === undefined) continue;
    if (broken && lastValueMs !== null) ranges.push([lastValueMs, timeMs]);
    lastValueMs = timeMs;
    broken = false;
  }
  return ranges;
}

/** Indexes of values with no neighbour to draw a line to; they are drawn as dots, else they would be invisible. */
export function isolatedIndexes(values: readonly (number | null | undefined)[]): number[] {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [index]));
  return known.filter((index, at) => {
    if (values[index] === null) return false;
    return isBreak(values[known[at - 1] ?? -1]) && isBreak(values[known[at + 1] ?? -1]);
  });
}

function isBreak(value: number | null | undefined): boolean {
  return value === null || value === undefined;
}

function bucketOf(line: Line, index: number, firstMs: number, bucketMs: number): number {
  return Math.floor(((line.timesMs[index] ?? 0) - firstMs) / bucketMs);
}

function sameTimes(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((timeMs, index) => timeMs === b[index]));
}
