import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from './ring.js';

const times = (ring: Ring) => Array.from({ length: ring.length }, (_, index) => ring.timeAt(index));

describe('Ring', () => {
  it('WB-14: any pushes, it holds what a list cut to window and size would hold', () => {
    const windowMs = 2000;
    const maxPoints = 700;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 2500 }), (steps) => {
        const ring = new Ring(windowMs, maxPoints);
        let expected: number[] = [];
        let timeMs = 0;
        for (const step of steps) {
          timeMs += step;
          if (timeMs > (expected.at(-1) ?? Number.NEGATIVE_INFINITY))
            expected = [...expected.filter((at) => at >= timeMs - windowMs), timeMs].slice(-maxPoints);
          ring.push(timeMs, timeMs / 2);
        }
        expect(times(ring)).toEqual(expected);
        expect(expected.every((at, index) => ring.valueAt(index) === at / 2)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
  it('WB-14: looking for a time, the first point at or after it', () => {
    const ring = new Ring(10_000, 100);
    for (const timeMs of [10, 20, 30]) ring.push(timeMs, 0);
    expect([5, 10, 11, 30, 31].map((timeMs) => ring.indexAtOrAfter(timeMs))).toEqual([0, 0, 1, 2, 3]);
  });
});
