import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWindowCounter } from './window-counter.js';

describe('a window counter', () => {
  it('GW-74: agrees with counting by hand, whatever the times', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 8 }), (steps, limit) => {
        const counter = createWindowCounter({ limit, windowMs: 100 });
        const times: number[] = [];
        let nowMs = 0;
        for (const step of steps) {
          nowMs += step;
          times.push(nowMs);
          const within = times.filter((time) => time > nowMs - 100).length;
          expect(counter.record(nowMs)).toBe(within >= limit);
        }
      }),
    );
  });
});
