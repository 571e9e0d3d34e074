/** The contract's part about curves. */
import { expect, it } from 'vitest';
import { queryMetrics } from './query-metrics.js';
import { applyRetention, oldestKeptMs } from './retention.js';
import { rollUp } from './roll-up.js';
import type { Use } from './store-contract-recording.test-support.js';
import { sampleOf, samplesOf } from './store-rig.test-support.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export function describeHistory(use: Use): void {
  it('ST-31: as many points as samples, the samples themselves', async () => {
    const { database, record } = use();
    const fromMs = Date.parse('2026-02-01T10:00:00Z');
    await record({ samples: samplesOf('exact', fromMs, 60) });
    const answer = await queryMetrics(database, {
      host: 'exact',
      fromMs,
      toMs: fromMs + 60_000,
      points: 240,
    });
    expect(answer.resolutionMs).toBeLessThanOrEqual(1000);
    expect(answer.series[0]?.points).toEqual(
      Array.from({ length: 60 }, (_, i) => [fromMs + i * 1000, i, i, i]),
    );
  });

  it('ST-31: samples that come faster than anything measures, no more points than asked for', async () => {
    const { database, record } = use();
    const fromMs = Date.parse('2026-02-01T11:00:00Z');
    await record({ samples: samplesOf('dense', fromMs, 500, 20) });
    const answer = await queryMetrics(database, { host: 'dense', fromMs, toMs: fromMs + 10_000, points: 50 });
    expect(answer.resolutionMs).toBe(1000);
    expect(answer.series[0]?.points).toHaveLength(10);
  });

  it('ST-31: fewer points than samples, minimum, average and maximum of each width', async () => {
    const { database, record } = use();
    const fromMs = Date.parse('2026-02-01T12:00:00Z');
    await record({ samples: samplesOf('width', fromMs, 120) });
    const answer = await queryMetrics(database, { host: 'width', fromMs, toMs: fromMs + 120_000, points: 5 });
    expect(answer.resolutionMs).toBe(30_000);
    expect(answer.series[0]?.points).toEqual([
      [fromMs, 0, 14.5, 29],
      [fromMs + 30_000, 30, 44.5, 59],
      [fromMs + 60_000, 60, 74.5, 89],
      [fromMs + 90_000, 90, 104.5, 119],
    ]);
  });

  it('ST-31: half rolled up, the same points as before', async () => {
    const { database, session, record } = use();
    const fromMs = oldestKeptMs(Date.now(), 40);
    await record({ samples: samplesOf('half', fromMs, 2000, 60_000) });
    const request = { host: 'half', fromMs, toMs: fromMs + 2 * DAY_MS, points: 60 };
    const before = await queryMetrics(database, request);
    await rollUp(session, { untilMs: fromMs + 1000 * 60_000 });
    const after = await queryMetrics(database, request);
    expect(before.resolutionMs).toBe(HOUR_MS);
    expect(before.series[0]?.points).toHaveLength(34);
    expect(after).toEqual(before);
  });

  it('ST-32: a pause of an hour in the middle, one gap from the last sample to the next', async () => {
    const { database, record } = use();
    const fromMs = Date.parse('2026-02-02T10:00:00Z');
    const againMs = fromMs + 60_000 + HOUR_MS;
    await record({ samples: [...samplesOf('pause', fromMs, 61), ...samplesOf('pause', againMs, 61)] });
    const range = { host: 'pause', fromMs, toMs: againMs + 61_000 };
    for (const points of [10_000, 200, 20])
      expect((await queryMetrics(database, { ...range, points })).gaps).toEqual([[fromMs + 60_000, againMs]]);
  });

  it('ST-32: a pause of ten minutes inside a point of two hours, before and after it is rolled up', async () => {
    const { database, session, record } = use();
    const fromMs = oldestKeptMs(Date.now(), 30);
    const againMs = fromMs + 40 * MINUTE_MS;
    const before = samplesOf('inside', fromMs, 181, 10_000);
    await record({ samples: [...before, ...samplesOf('inside', againMs, 500, 10_000)] });
    const request = { host: 'inside', fromMs, toMs: againMs + 499 * 10_000, points: 3 };
    const gaps = [[fromMs + 30 * MINUTE_MS, againMs]];
    const answer = await queryMetrics(database, request);
    expect(answer.resolutionMs).toBe(2 * HOUR_MS);
    expect(answer.gaps).toEqual(gaps);
    await rollUp(session, { untilMs: fromMs + 6 * HOUR_MS });
    expect((await queryMetrics(database, request)).gaps).toEqual(gaps);
  });

  it('ST-32: two series with pauses that overlap, what both lack', async () => {
    const { database, record } = use();
    const fromMs = Date.parse('2026-02-02T14:00:00Z');
    const at = (container: string, fromS: number, toS: number) =>
      Array.from({ length: toS - fromS + 1 }, (_, i) =>
        sampleOf('pair', fromMs + (fromS + i) * 1000, 1, { source: 'container', container }),
      );
    await record({
      samples: [...at('a', 0, 20), ...at('a', 60, 100), ...at('b', 0, 40), ...at('b', 80, 100)],
    });
    const answer = await queryMetrics(database, {
      host: 'pair',
      fromMs,
      toMs: fromMs + 101_000,
      points: 1000,
    });
    expect(answer.series.map(({ gaps }) => gaps)).toEqual([
      [[fromMs + 20_000, fromMs + 60_000]],
      [[fromMs + 40_000, fromMs + 80_000]],
    ]);
    expect(answer.gaps).toEqual([[fromMs + 40_000, fromMs + 60_000]]);
  });

  it('ST-33: days that are over, removed whole; their history from the roll-ups', async () => {
    const { database, session, record } = use();
    const nowMs = Date.now();
    const keptMs = oldestKeptMs(nowMs, 7);
    await record({ samples: [...samplesOf('old', keptMs - 60_000, 60), ...samplesOf('old', keptMs, 60)] });
    await rollUp(session, { untilMs: nowMs });
    await applyRetention(session, { rawDays: 7, minutesDays: 90, quartersDays: 730, logDays: 3 }, nowMs);
    const [left] = await database.query(
      'select count(*)::integer as n, min(time) >= to_timestamp($1::float8 / 1000) as kept from system_metrics',
      [keptMs],
    );
    expect(left?.['kept']).toBe(true);
    const request = { host: 'old', fromMs: keptMs - 120_000, toMs: keptMs + 60_000, points: 100 };
    const answer = await queryMetrics(database, request);
    expect(answer.resolutionMs).toBe(60_000);
    expect(answer.series[0]?.points).toEqual([
      [keptMs - 60_000, 0, 29.5, 59],
      [keptMs, 0, 29.5, 59],
    ]);
  });
}
