import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLines, deriveGapRanges, downsample, isolatedIndexes, type Line } from './line.js';

const line = (...points: [number, number | null][]): Line => ({
  timesMs: points.map(([timeMs]) => timeMs),
  values: points.map(([, value]) => value),
});
const anyLine = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.option(fc.integer({ min: 0, max: 100 }))), {
    maxLength: 400,
  })
  .map((steps) => {
    let timeMs = 0;
    const points = steps.map(([step, value]): [number, number | null] => {
      timeMs += step;
      return [timeMs, value];
    });
    return line(...points);
  });
const numbers = (values: Line['values']) => values.filter((value) => typeof value === 'number');

describe('downsample', () => {
  it('WB-17: any line, the lowest and highest value survive', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 1, max: 60 }), (full, buckets) => {
        const less = downsample(full, buckets);
        expect(Math.max(...numbers(less.values))).toBe(Math.max(...numbers(full.values)));
        expect(Math.min(...numbers(less.values))).toBe(Math.min(...numbers(full.values)));
      }),
    );
  });
  it('WB-17: any line, every break survives and there are at most two points per bucket besides', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 1, max: 60 }), (full, buckets) => {
        const less = downsample(full, buckets);
        const breaks = (values: Line['values']) => values.filter((value) => value === null).length;
        expect(breaks(less.values)).toBe(breaks(full.values));
        // The last point has a bucket of its own.
        expect(numbers(less.values).length).toBeLessThanOrEqual(2 * (buckets + 1));
      }),
    );
  });
  it('WB-17: any line, times stay in order', () => {
    fc.assert(
      fc.property(anyLine, (full) => {
        const { timesMs } = downsample(full, 10);
        expect(timesMs).toEqual(timesMs.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('alignLines', () => {
  it('WB-18: different times, one axis, and undefined where only the other has a point', () => {
    expect(alignLines([line([1, 10], [3, 30]), line([2, 20], [3, 30])])).toEqual({
      timesMs: [1, 2, 3],
      columns: [
        [10, undefined, 30],
        [undefined, 20, 30],
      ],
    });
  });
  it('WB-19: a break among points of another line, lasts from the last value before it to the next one', () => {
    const other = line([1, 1], [2, 2], [3, 3], [4, 4], [5, 5]);
    const { columns } = alignLines([line([1, 10], [3, null], [5, 50]), other]);
    expect(columns[0]).toEqual([10, null, null, null, 50]);
  });
  it('WB-18: the same times, the columns as they are', () => {
    const first = line([1, 10], [2, 20]);
    expect(alignLines([first, line([1, 1], [2, 2])]).columns[0]).toBe(first.values);
  });
});

describe('what is not known', () => {
  it('WB-19: a break, the range from the last value before it to the first after it', () => {
    expect(deriveGapRanges(line([1, 5], [2, null], [9, 5], [10, 5]))).toEqual([[1, 9]]);
  });
  it('WB-19: a value between two breaks, found so that it can be drawn as a dot', () => {
    expect(isolatedIndexes([1, 2, null, 3, undefined, null, 4, 5])).toEqual([3]);
  });
});
