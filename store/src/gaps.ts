/** Where nothing was measured. A chart that draws a line through a gap lies. */
import type { Gap } from './subjects.js';

/** Samples, or buckets of them: when the first and the last one in it were taken. */
export interface Span {
  firstMs: number;
  lastMs: number;
}

export const MISSED_INTERVALS = 3;

/**
 * Stretches of more than three intervals between two spans, oldest first, and within the range before the first span
 * and after the last one. `spans` are in order of time.
 */
export function deriveGaps(
  spans: readonly Span[],
  { fromMs, toMs, intervalMs }: { fromMs: number; toMs: number; intervalMs: number },
): Gap[] {
  const longestMs = MISSED_INTERVALS * intervalMs;
  const gaps: Gap[] = [];
  let endMs = fromMs;
  for (const { firstMs, lastMs } of [...spans, { firstMs: toMs, lastMs: toMs }]) {
    if (firstMs - endMs > longestMs) gaps.push([endMs, firstMs]);
    endMs = Math.max(endMs, lastMs);
  }
  return gaps;
}

/** True when a bucket has so few samples for the time between its first and its last that a gap may be among them. */
export function mayHoldGap(
  { firstMs, lastMs, count }: Span & { count: number },
  intervalMs: number,
): boolean {
  return lastMs - firstMs > (count - 2 + MISSED_INTERVALS) * intervalMs;
}

/** What lies between these gaps, from the beginning of the first span to the end of the last one. */
export function spansBetween(gaps: readonly Gap[], spans: readonly Span[]): Span[] {
  const [first] = spans;
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return [];
  const ends = [...gaps.map(([fromMs]) => fromMs), last.lastMs];
  return ends.map((lastMs, i) => ({ firstMs: gaps[i - 1]?.[1] ?? first.firstMs, lastMs }));
}

/** The middle one of the distances between samples; `null` when there are fewer than two. */
export function medianInterval(timesMs: readonly number[]): number | null {
  const distances = timesMs.slice(1).map((time, i) => Math.abs(time - (timesMs[i] ?? time)));
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? null;
}

/** What all of the lists have in common. Each list is in order of time and free of overlaps. */
export function intersectGaps(lists: readonly (readonly Gap[])[]): readonly Gap[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly Gap[]>((common, gaps) => overlaps(common, gaps), first);
}

function overlaps(left: readonly Gap[], right: readonly Gap[]): Gap[] {
  const common: Gap[] = [];
  let i = 0;
  let k = 0;
  for (;;) {
    const a = left[i];
    const b = right[k];
    if (a === undefined || b === undefined) return common;
    const from = Math.max(a[0], b[0]);
    const to = Math.min(a[1], b[1]);
    if (from < to) common.push([from, to]);
    if (a[1] < b[1]) i += 1;
    else k += 1;
  }
}
