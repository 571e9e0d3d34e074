import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThrottle, paceOf } from './throttle.js';

describe('the throttle', () => {
  it('GW-60: sending whenever there is room, no second carries more than the limit', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 12 }), (steps, limit) => {
        const throttle = createThrottle(limit);
        const sentAtMs: number[] = [];
        let nowMs = 0;
        for (const step of steps) {
          nowMs += step;
          if (throttle.room(nowMs) === 0) continue;
          throttle.spend(1, nowMs);
          sentAtMs.push(nowMs);
        }
        const worst = Math.max(
          ...sentAtMs.map((start) => sentAtMs.filter((at) => at >= start && at < start + 1000).length),
        );
        expect(worst).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('GW-60: a second and a slot after a burst, the whole room is back', () => {
    const throttle = createThrottle(200);
    throttle.spend(200, 50);
    expect([throttle.room(999), throttle.room(1100)]).toEqual([0, 200]);
  });

  it('GW-62: what is not dropped is paid for afterwards', () => {
    const throttle = createThrottle(10);
    throttle.spend(25, 0);
    expect([throttle.room(0), throttle.room(1100)]).toEqual([0, 10]);
  });

  it('GW-60: after a long silence there is the whole room, not more', () => {
    const throttle = createThrottle(5);
    throttle.spend(5, 0);
    expect(throttle.room(86_400_000)).toBe(5);
  });

  it.each([1, 3, 9, 10, 15, 200, 1000])('GW-60: the pace at %d a second stays within the limit', (limit) => {
    const { intervalMs, quota } = paceOf(limit);
    expect((1000 / intervalMs) * quota).toBeLessThanOrEqual(limit);
  });
});
