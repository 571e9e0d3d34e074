import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAP_INTERVALS } from './gaps.js';
import { deriveLine } from './line.js';
import { Series } from './series.js';

const point = (timeMs: number, value = 1, admittedStaleMs = 0) => ({
  timeMs,
  value,
  admittedStaleMs,
  seenAtMs: timeMs,
});
function drawn(series: Series): (readonly [number, number | null | undefined])[] {
  if (series.history === null) return [];
  const { timesMs, values } = deriveLine(series.history, 0, Number.MAX_SAFE_INTEGER);
  return timesMs.map((timeMs, index) => [timeMs, values[index]] as const);
}
const filled = (...times: number[]) => {
  const series = new Series(true);
  for (const timeMs of times) series.add(point(timeMs));
  return series;
};

describe('Series', () => {
  it('WB-11: samples stop for ten intervals, the line breaks there', () => {
    expect(drawn(filled(1000, 2000, 3000, 13_000))).toEqual([
      [1000, 1],
      [2000, 1],
      [3000, 1],
      [4000, null],
      [13_000, 1],
    ]);
  });
  it('WB-11: any times, no two joined points are more than 2.5 longest steady steps apart', () => {
    const stepsOf = fc.array(fc.oneof(fc.constant(1000), fc.integer({ min: 900, max: 60_000 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(stepsOf, (list) => {
        let timeMs = 1000;
        const series = filled(timeMs);
        for (const stepMs of list) {
          const joinedUpToMs = timeMs + GAP_INTERVALS * series.intervalMs;
          timeMs += stepMs;
          series.add(point(timeMs));
          const before = drawn(series).at(-2);
          expect(before?.[1] === null).toBe(timeMs > joinedUpToMs);
        }
      }),
    );
  });
  it('WB-12: one lost sample, the line goes on', () => {
    expect(drawn(filled(1000, 2000, 4000)).map(([, value]) => value)).toEqual([1, 1, 1]);
  });
  it('WB-13: a sample older than the newest, ignored', () => {
    const series = filled(1000, 2000);
    expect(series.add(point(1500, 99))).toBe(false);
    expect(series.value).toBe(1);
  });
  it('WB-15: a value that its collector calls old, shown but no point of the line', () => {
    const series = filled(1000, 2000);
    series.add(point(3000, 50, 1000));
    expect([series.value, drawn(series).length]).toEqual([50, 2]);
  });
  it('WB-16: history arrives later, it comes before what is there', () => {
    const series = filled(5000, 6000);
    series.backfill([
      { timeMs: 3000, value: 7 },
      { timeMs: 4000, value: 8 },
      { timeMs: 5000, value: 9 },
    ]);
    expect(drawn(series)).toEqual([
      [3000, 7],
      [4000, 8],
      [5000, 1],
      [6000, 1],
    ]);
  });
  it('WB-16: a gap between history and present, a break', () => {
    const series = filled(50_000, 51_000);
    series.backfill([1000, 2000, 3000].map((timeMs) => ({ timeMs, value: 7 })));
    expect(drawn(series)[3]).toEqual([4000, null]);
  });
});
