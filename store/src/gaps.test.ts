import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveGaps, intersectGaps, mayHoldGap, medianInterval, spansBetween } from './gaps.js';

const spanAt = (timeMs: number) => ({ firstMs: timeMs, lastMs: timeMs });

describe('gaps', () => {
  it('ST-32: three intervals without a sample, no gap; one more, a gap', () => {
    const range = { fromMs: 0, toMs: 70, intervalMs: 10 };
    expect(deriveGaps([0, 10, 40, 50, 60].map(spanAt), range)).toEqual([]);
    expect(deriveGaps([0, 10, 41, 50, 60].map(spanAt), range)).toEqual([[10, 41]]);
  });

  it('ST-32: nothing at all, nothing at the beginning, nothing at the end', () => {
    const range = { fromMs: 0, toMs: 100, intervalMs: 10 };
    expect(deriveGaps([], range)).toEqual([[0, 100]]);
    expect(deriveGaps([spanAt(60), spanAt(90)], range)).toEqual([[0, 60]]);
    expect(deriveGaps([spanAt(20)], range)).toEqual([[20, 100]]);
  });

  it('ST-32: any samples, a moment is in a gap exactly when no sample is near enough', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 199 }), (list, moment) => {
        const sorted = [...list].sort((a, b) => a - b);
        const gaps = deriveGaps(sorted.map(spanAt), { fromMs: 0, toMs: 200, intervalMs: 5 });
        const before = Math.max(0, ...sorted.filter((time) => time <= moment));
        const after = Math.min(200, ...sorted.filter((time) => time > moment));
        const isIn = gaps.some(([from, to]) => from <= moment && moment < to);
        expect(isIn).toBe(after - before > 15);
      }),
    );
  });

  it('ST-32: gaps of several series, a moment is in the common ones exactly when it is in each', () => {
    const gaps = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 0, maxLength: 8 })
      .map((bounds) => bounds.sort((a, b) => a - b))
      .map((bounds) =>
        bounds.flatMap((from, i) =>
          i % 2 === 0 && i + 1 < bounds.length ? [[from, bounds[i + 1] ?? from] as const] : [],
        ),
      );
    const holds = (list: readonly (readonly [number, number])[], moment: number) =>
      list.some(([from, to]) => from <= moment && moment < to);
    fc.assert(
      fc.property(
        fc.array(gaps, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 60 }),
        (lists, moment) => {
          expect(holds(intersectGaps(lists), moment)).toBe(lists.every((list) => holds(list, moment)));
        },
      ),
    );
  });

  it('ST-32: the interval of samples with one pause, not the pause', () => {
    expect(medianInterval([100, 90, 80, 20, 10])).toBe(10);
    expect(medianInterval([100])).toBeNull();
  });

  it('ST-32: a bucket of samples, suspected whenever one of their distances is a gap', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 });
    fc.assert(
      fc.property(times, (list) => {
        // Whole intervals apart, as samples are.
        const sorted = list.map((time) => time * 10).sort((a, b) => a - b);
        const [firstMs = 0] = sorted;
        const range = { fromMs: firstMs, toMs: sorted.at(-1) ?? 0, intervalMs: 10 };
        const bucket = { firstMs, lastMs: range.toMs, count: sorted.length };
        const hasGap = deriveGaps(sorted.map(spanAt), range).length > 0;
        expect(hasGap && !mayHoldGap(bucket, 10)).toBe(false);
      }),
    );
  });

  it('ST-32: gaps turned into what lies between them, and back', () => {
    const spans = [
      { firstMs: 10, lastMs: 60 },
      { firstMs: 61, lastMs: 90 },
    ];
    const between = spansBetween([[30, 40]], spans);
    expect(between).toEqual([
      { firstMs: 10, lastMs: 30 },
      { firstMs: 40, lastMs: 90 },
    ]);
    expect(deriveGaps(between, { fromMs: 10, toMs: 90, intervalMs: 1 })).toEqual([[30, 40]]);
    expect(spansBetween([], [])).toEqual([]);
  });
});
