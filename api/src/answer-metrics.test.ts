import { createManualClock } from '@pulsewire/runtime';
import { REST_LIMITS } from '@pulsewire/shared-schema/rest';
import { describe, expect, it } from 'vitest';
import { answerMetrics } from './answer-metrics.js';
import { createFakeDatabase } from './fake-database.test-support.js';
import { createNewest } from './newest.js';

const HOUR_MS = 3_600_000;

/** So many series, and no samples. */
function setUp(count: number) {
  const database = createFakeDatabase();
  const clock = createManualClock();
  const series = Array.from({ length: count }, (_, id) => ({
    ...{
      id,
      key: `k${id}`,
      metric_type: 'cpu',
      source: 'host',
      host: `h${id}`,
      container: null,
      mount: null,
    },
    ...{ core: null, unit: 'percent', first_seen_ms: 0, last_seen_ms: 0 },
  }));
  database.answer(async (sql) => (sql.includes('from series s') ? series : []));
  return { database, clock, newest: createNewest(), gone: new AbortController().signal };
}

describe('how much is answered at once', () => {
  it.each([
    ['100 series of 2,001 points', 100, 2001, HOUR_MS, false],
    ['100 series of 2,000 points', 100, 2000, HOUR_MS, true],
    ['one series of all points', 1, REST_LIMITS.points, HOUR_MS, true],
    ['200 series of a range with few samples', 200, REST_LIMITS.points, 200_000, true],
  ])('API-23: %s', async (_what, count, points, lengthMs, isAnswered) => {
    const context = setUp(count);
    const range = { from: String(HOUR_MS), to: String(HOUR_MS + lengthMs) };
    const outcome = await answerMetrics({ ...range, points }, context);
    expect(outcome.ok).toBe(isAnswered);
  });

  it('API-23: too many points, it is said how many there may be', async () => {
    const range = { from: '0', to: String(HOUR_MS) };
    expect(await answerMetrics({ ...range, points: 5000 }, setUp(50))).toMatchObject({
      ok: false,
      problem: {
        code: 'bad_request',
        details: [{ field: 'points', message: expect.stringContaining('4000') }],
      },
    });
  });

  it('API-15: series that come late and curves that do not come, 10 s in all', async () => {
    const context = setUp(1);
    let answerSeries = () => {};
    context.database.answer(
      () =>
        new Promise((resolve) => {
          answerSeries = () => resolve([]);
        }),
    );
    const asked = answerMetrics({}, context);
    context.clock.advance(9000);
    answerSeries();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    context.clock.advance(1000);
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'query_timed_out' } });
  });
});
