import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodbyeAfterMs } from './drain.js';

describe('the drain', () => {
  it('GW-92: any number of clients, one after the other and all within 2 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (count) => {
        const times = Array.from({ length: count }, (_, index) => goodbyeAfterMs(index, count));
        const isSpread = times.every((time, index) => time > (times[index - 1] ?? 0));
        return isSpread && (times.at(-1) ?? 0) <= 2000.001;
      }),
      { numRuns: 50 },
    );
  });

  it('GW-92: few clients, 20 ms between them', () => {
    expect([0, 1, 2].map((index) => goodbyeAfterMs(index, 3))).toEqual([20, 40, 60]);
  });

  it('GW-92: 10,000 clients, the last after 2 s', () => {
    expect([0, 4999, 9999].map((index) => Math.round(goodbyeAfterMs(index, 10_000)))).toEqual([
      0, 1000, 2000,
    ]);
  });
});
