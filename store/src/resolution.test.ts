import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layer, rollUpOf } from './layers.js';
import { pickResolution } from './resolution.js';

const ALL_KEPT = { raw: 0, '1m': 0, '15m': 0, '1d': 0 };
const DAY_MS = 86_400_000;

function pick(rangeMs: number, points: number, keptFromMs: Record<Layer, number> = ALL_KEPT) {
  const toMs = 20_000 * DAY_MS;
  return pickResolution({ fromMs: toMs - rangeMs, toMs, points, keptFromMs });
}

describe('pickResolution', () => {
  it('ST-31: ranges from an hour to a year in a thousand points, from coarser and coarser layers', () => {
    expect(pick(3_600_000, 1000)).toEqual({ layer: 'raw', widthMs: 5000 });
    expect(pick(7 * DAY_MS, 1000)).toEqual({ layer: '15m', widthMs: 900_000 });
    expect(pick(30 * DAY_MS, 1000)).toEqual({ layer: '15m', widthMs: 3_600_000 });
    expect(pick(365 * DAY_MS, 300)).toEqual({ layer: '1d', widthMs: 2 * DAY_MS });
  });

  it('ST-31: room for every sample, the samples themselves', () => {
    expect(pick(60_000, 1000)).toEqual({ layer: 'raw', widthMs: 0 });
  });

  it('ST-33: minutes that are gone before the samples are, from the samples', () => {
    const odd = { ...ALL_KEPT, '1m': Number.POSITIVE_INFINITY };
    expect(pick(3_600_000, 40, odd)).toEqual({ layer: 'raw', widthMs: 120_000 });
  });

  it('ST-33: the samples are gone, minutes', () => {
    const gone = { ...ALL_KEPT, raw: Number.POSITIVE_INFINITY };
    expect(pick(3_600_000, 1000, gone)).toEqual({ layer: '1m', widthMs: 60_000 });
  });

  it('ST-31: any range and number of points, not more points than that, and whole buckets in each', () => {
    const range = fc.integer({ min: 1, max: 3000 * DAY_MS });
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 5000 }), (rangeMs, points) => {
        const { layer, widthMs } = pick(rangeMs, points);
        if (widthMs === 0) return;
        expect(Math.ceil(rangeMs / widthMs)).toBeLessThanOrEqual(points);
        if (layer !== 'raw') expect(widthMs % rollUpOf(layer).widthMs).toBe(0);
      }),
    );
  });
});
