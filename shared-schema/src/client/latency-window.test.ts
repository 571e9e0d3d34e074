import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockOffset } from './clock-offset.js';
import { createLatencyWindow } from './latency-window.js';

describe('latency window', () => {
  it('SC-73: nothing received, has no percentiles', () => {
    expect(createLatencyWindow().summary(0)).toEqual({ p50Ms: null, p99Ms: null, samples: 0 });
  });

  it('SC-73: a hundred different latencies, are summed up by nearest rank', () => {
    const window = createLatencyWindow();
    for (let ms = 1; ms <= 100; ms += 1) window.add(ms - 0.5, 1000);
    expect(window.summary(1000)).toEqual({ p50Ms: 49.5, p99Ms: 98.5, samples: 100 });
  });

  it('SC-74: older than a minute, is forgotten', () => {
    const window = createLatencyWindow();
    window.add(80, 0);
    window.add(20, 30_000);
    expect(window.summary(59_999).samples).toBe(2);
    expect(window.summary(60_000)).toEqual({ p50Ms: 20, p99Ms: 20, samples: 1 });
  });

  it('SC-74: a slot that is used again, begins at zero', () => {
    const window = createLatencyWindow();
    window.add(80, 0);
    window.add(20, 60_000);
    expect(window.summary(60_000)).toEqual({ p50Ms: 20, p99Ms: 20, samples: 1 });
  });

  it('SC-75: any latencies, percentiles are within 0.5 ms or 2 % of the exact ones', () => {
    const latency = fc.double({ min: 0, max: 500_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (values) => {
        const window = createLatencyWindow();
        for (const value of values) window.add(value, 1000);
        const sorted = [...values].sort((a, b) => a - b);
        const { p50Ms, p99Ms } = window.summary(1000);
        for (const [share, got] of [
          [0.5, p50Ms],
          [0.99, p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
          expect(got).toBeLessThanOrEqual(exact + 1e-6);
          expect(got).toBeGreaterThanOrEqual(Math.min(exact - 0.5, exact / 1.0201));
        }
      }),
    );
  });

  it('SC-75: no number at all and below zero, neither break it', () => {
    const window = createLatencyWindow();
    window.add(Number.NaN, 1000);
    window.add(-5, 1000);
    window.add(1e12, 1000);
    expect(window.summary(1000)).toMatchObject({ p50Ms: 0, samples: 2 });
  });
});

describe('clock offset', () => {
  it('SC-76: of several exchanges, the shortest round trip is believed', () => {
    const offset = createClockOffset();
    offset.add(0, 530, 60);
    offset.add(100, 605, 110);
    offset.add(200, 790, 280);
    expect(offset.best()).toEqual({ offsetMs: 500, roundTripMs: 10 });
  });

  it.each([3_600_000, -3_600_000, 2000])(
    'SC-79: a clock set by %i ms, what was measured before is forgotten',
    (jumpMs) => {
      const offset = createClockOffset();
      offset.add(0, 1, 2);
      offset.add(1000 + jumpMs, 1020, 1040 + jumpMs);
      expect(offset.best()).toEqual({ offsetMs: -jumpMs, roundTripMs: 40 });
    },
  );

  it('SC-79: a slow exchange that agrees as well as it can, leaves the quick one', () => {
    const offset = createClockOffset();
    offset.add(0, 1, 2);
    offset.add(1000, 6000, 6000);
    expect(offset.best()).toEqual({ offsetMs: 0, roundTripMs: 2 });
  });

  it('SC-76: only the last eight exchanges count', () => {
    const offset = createClockOffset();
    offset.add(0, 501, 2);
    for (let i = 0; i < 8; i += 1) offset.add(1000, 1710, 1020);
    expect(offset.best()).toEqual({ offsetMs: 700, roundTripMs: 20 });
  });

  it.each([
    [10, 10, 9],
    [0, 10, 60_001],
    [0, Number.NaN, 5],
    [Number.NaN, 10, 5],
  ])('SC-77: a pong that cannot be ours (%s, %s, %s), is ignored', (sentAtMs, serverAtMs, receivedAtMs) => {
    const offset = createClockOffset();
    offset.add(sentAtMs, serverAtMs, receivedAtMs);
    expect(offset.best()).toBeNull();
  });
});
