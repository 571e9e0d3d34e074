import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideTick, firstTickMs } from './grid.js';

it('SE-20: the first tick lies on the grid, at least half an interval ahead', () => {
  expect(firstTickMs(10_200, 1000)).toBe(11_000);
  expect(firstTickMs(10_700, 1000)).toBe(12_000);
  expect(firstTickMs(10_000, 1000)).toBe(11_000);
});

it('SE-20: a timer that fires a little early or late, the tick it was set for', () => {
  expect(decideTick(5000, 4999, 1000)).toEqual({ timeMs: 5000, nextMs: 6000, skipped: 0 });
  expect(decideTick(5000, 5120, 1000)).toEqual({ timeMs: 5000, nextMs: 6000, skipped: 0 });
});

it('SE-21: three ticks slept through, one tick now and two counted as skipped', () => {
  expect(decideTick(5000, 7600, 1000)).toEqual({ timeMs: 7000, nextMs: 8000, skipped: 2 });
});

it('SE-22: wall time set back or far ahead, the grid of the new time', () => {
  expect(decideTick(5_000_000, 100_400, 1000)).toEqual({ timeMs: 100_000, nextMs: 101_000, skipped: 0 });
  expect(decideTick(5000, 3_600_500, 1000)).toMatchObject({ timeMs: 3_600_000, nextMs: 3_601_000 });
});

it('SE-20: whatever the delay, ticks lie on the grid and the next one is in the future, within two intervals', () => {
  const facts = fc.record({
    point: fc.nat({ max: 1e6 }),
    delayMs: fc.integer({ min: -100_000, max: 100_000 }),
    intervalMs: fc.integer({ min: 250, max: 60_000 }),
  });
  fc.assert(
    fc.property(facts, ({ point, delayMs, intervalMs }) => {
      const dueMs = point * intervalMs;
      const nowMs = Math.max(0, dueMs + delayMs);
      const { timeMs, nextMs, skipped } = decideTick(dueMs, nowMs, intervalMs);
      expect(timeMs % intervalMs).toBe(0);
      expect(nextMs).toBeGreaterThan(nowMs);
      expect(nextMs - nowMs).toBeLessThanOrEqual(1.5 * intervalMs);
      expect(skipped).toBeGreaterThanOrEqual(0);
    }),
  );
});
