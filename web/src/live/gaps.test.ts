import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addStep, breakBetween, deriveIntervalMs, GAP_INTERVALS, UNKNOWN_INTERVAL_MS } from './gaps.js';

const steps = (...list: number[]) => list.reduce<readonly number[]>(addStep, []);

describe('interval', () => {
  it('WB-10: no step yet, the assumed interval', () => {
    expect(deriveIntervalMs([])).toBe(UNKNOWN_INTERVAL_MS);
  });
  it('WB-10: one lost sample among steady ones, the interval stays', () => {
    expect(deriveIntervalMs(steps(1000, 1000, 2000, 1000, 1000))).toBe(1000);
  });
  it('WB-10: three slower steps, the interval follows', () => {
    expect(deriveIntervalMs(steps(1000, 1000, 1000, 5000, 5000, 5000))).toBe(5000);
  });
  it('WB-10: a step of more than a minute, not counted', () => {
    expect(deriveIntervalMs(steps(1000, 61_000, 3_600_000))).toBe(1000);
  });
  it('WB-10: any steps, at most five are kept and the interval is one of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1 }), (list) => {
        const kept = steps(...list);
        expect(kept.length).toBeLessThanOrEqual(5);
        expect(kept).toContain(deriveIntervalMs(kept));
      }),
    );
  });
});

describe('break', () => {
  it('WB-11: 2.5 intervals apart, no break', () => {
    expect(breakBetween(0, 2500, 1000)).toBeNull();
  });
  it('WB-11: more than 2.5 intervals apart, a break after one interval', () => {
    expect(breakBetween(0, 2501, 1000)).toBe(1000);
  });
  it('WB-11: any two times, a break lies between them exactly if they are too far apart', () => {
    const time = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 60_000 }), (a, stepMs, intervalMs) => {
        const at = breakBetween(a, a + stepMs, intervalMs);
        expect(at !== null).toBe(stepMs > GAP_INTERVALS * intervalMs);
        expect(at === null || (at > a && at < a + stepMs)).toBe(true);
      }),
    );
  });
});
