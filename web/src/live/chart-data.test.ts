import { describe, expect, it } from 'vitest';
import { deriveChartData } from './chart-data.js';
import { Ring } from './ring.js';

const ringOf = (...points: [number, number][]) => {
  const ring = new Ring(400_000, 2048);
  for (const [timeMs, value] of points) ring.push(timeMs, value);
  return ring;
};
const facts = { nowMs: 400_000, patienceMs: 2500, widthPx: 300, top: (largest: number) => largest };

describe('chart data', () => {
  it('WB-18: two series, the last five minutes with one point before them', () => {
    const data = deriveChartData({
      ...facts,
      rings: [ringOf([98_000, 1], [99_000, 2], [399_000, 3]), ringOf([399_000, 7])],
    });
    expect(data).toMatchObject({ fromMs: 100_000, toMs: 400_000, top: 7, timesMs: [99_000, 399_000] });
    expect(data.columns).toEqual([
      [2, 3],
      [undefined, 7],
    ]);
  });
  it('WB-19: silent for longer than the patience, the time since then is a gap', () => {
    expect(deriveChartData({ ...facts, rings: [ringOf([390_000, 1])] }).gaps).toEqual([[390_000, 400_000]]);
  });
  it('WB-19: nothing known, no gap and no point', () => {
    expect(deriveChartData({ ...facts, rings: [null] })).toMatchObject({ timesMs: [], gaps: [], top: 0 });
  });
});
