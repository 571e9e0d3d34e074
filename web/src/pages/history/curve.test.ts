import type { HistoryPoint } from '@pulsewire/shared-schema/rest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadedSeries } from '../../testing/history.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { commonGaps, deriveHistoryChart, drawnGaps, groupByUnit } from './chart-data.js';
import { deriveCurve, summarize, valueAt } from './curve.js';
import { shiftSeries } from './load-history.js';

const at = (second: number) => START_MS + second * 1000;
const point = (second: number, value = 5): HistoryPoint => [at(second), value - 1, value, value + 1];

describe('curves', () => {
  it('WB-122: a gap between two samples, breaks the line', () => {
    const { timesMs, avg } = deriveCurve([point(0), point(1), point(9)], [[at(1), at(9)]], 0);
    expect(avg).toEqual([5, 5, null, 5]);
    expect(timesMs[2]).toBe(at(5));
  });

  it('WB-122: a gap within the stretch of a point, breaks nothing', () => {
    const { avg } = deriveCurve([point(0), point(60), point(120)], [[at(61), at(90)]], 60_000);
    expect(avg).toEqual([5, 5, 5]);
  });

  it('WB-122: a gap that reaches over a whole stretch, breaks the line', () => {
    const { avg } = deriveCurve([point(0), point(180)], [[at(30), at(181)]], 60_000);
    expect(avg).toEqual([5, null, 5]);
  });

  it('WB-122: any points and gaps, keep every point and the order of time', () => {
    const seconds = fc.uniqueArray(fc.nat(500), { maxLength: 60 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(seconds, seconds, fc.constantFrom(0, 1000, 5000), (points, edges, resolutionMs) => {
        const gaps = edges.flatMap((from, index): [number, number][] =>
          index % 2 === 0 && edges[index + 1] !== undefined ? [[at(from), at(edges[index + 1] ?? 0)]] : [],
        );
        const curve = deriveCurve(
          points.map((second) => point(second)),
          gaps,
          resolutionMs,
        );
        expect(curve.avg.filter((value) => value !== null)).toHaveLength(points.length);
        expect(curve.timesMs).toEqual(curve.timesMs.toSorted((a, b) => a - b));
        expect(curve.avg.some((value, index) => value === null && curve.avg[index + 1] === null)).toBe(false);
      }),
    );
  });

  it('WB-130: figures of a span, leave out what is outside of it', () => {
    const points = [point(0, 100), point(1, 4), point(2, 8), point(3, 100)];
    expect(summarize(points, at(1), at(2))).toEqual({ min: 3, avg: 6, max: 9, last: 8 });
    expect(summarize(points, at(10), at(20))).toBeNull();
  });

  it.each([
    [1.5, 4],
    [5, null],
    [-1, null],
    [9, 8],
  ])('WB-130: the cursor at second %f, shows %s', (second, expected) => {
    const series = { points: [point(1, 4), point(8, 8)], gaps: [[at(2), at(8)] as [number, number]] };
    expect(valueAt(series, at(second))).toBe(expected);
  });
});

describe('charts of history', () => {
  const cpu = { series: loadedSeries([1, 2, 3]), compared: null, slot: 0 };
  const load = { series: loadedSeries([1], { unit: 'load', key: 'load1' }), compared: null, slot: 1 };
  const span = { fromMs: START_MS, toMs: START_MS + 2000 };

  it('WB-126: series of several units, have a chart each, in the order of choice', () => {
    const groups = groupByUnit([cpu, load, { ...cpu, slot: 2 }]);
    expect(groups.map(({ unit, members }) => [unit, members.length])).toEqual([
      ['percent', 2],
      ['load', 1],
    ]);
  });

  it('WB-126: points that stand for stretches, have a band, samples have none', () => {
    const [group] = groupByUnit([{ ...cpu, series: loadedSeries([1, 2], { resolutionMs: 60_000 }) }]);
    const [samples] = groupByUnit([cpu]);
    const columns = [group, samples].map((each) =>
      each === undefined ? 0 : deriveHistoryChart(each, span, { band: true }).columns.length,
    );
    expect(columns).toEqual([3, 1]);
  });

  it('WB-126: two series, are unknown together only where both have a gap', () => {
    expect(
      commonGaps([
        [
          [0, 10],
          [20, 30],
        ],
        [[5, 25]],
      ]),
    ).toEqual([
      [5, 10],
      [20, 25],
    ]);
  });

  it('WB-126: a gap with a point in it, is drawn beside the point only', () => {
    const series = { points: [point(60), point(180)], gaps: [[at(30), at(200)] as [number, number]] };
    expect(drawnGaps({ ...series, resolutionMs: 60_000 })).toEqual([
      [at(30), at(60)],
      [at(120), at(180)],
    ]);
  });

  it('WB-125: the other period, keeps its values at the times of the shown one', () => {
    const shifted = shiftSeries(loadedSeries([7], { gaps: [[1, 2]] }), 1000);
    expect(shifted.points).toEqual([[START_MS + 1000, 6, 7, 8]]);
    expect(shifted.gaps).toEqual([[1001, 1002]]);
  });
});
