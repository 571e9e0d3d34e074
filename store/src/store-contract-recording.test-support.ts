/** The contract's part about recording. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Database } from './database.js';
import { queryDeadLetters, queryPosition } from './query-recorder.js';
import { queryLatest } from './query-series.js';
import { createBatchWriter } from './record-batch.js';
import { touchSeries } from './retention.js';
import { rollUp } from './roll-up.js';
import { CHANNEL, EMPTY, type Records, sampleOf } from './store-rig.test-support.js';

export type Use = () => Records & { database: Database };

const BASE_MS = Date.parse('2026-03-05T10:00:00Z');

export function describeRecording(use: Use): void {
  const count = async (host: string) => {
    const rows = await use().database.query(
      "select count(*)::integer as n from system_metrics where meta->>'host' = $1",
      [host],
    );
    return rows[0]?.['n'];
  };

  it('ST-20, ST-21: a batch that was recorded already, refused whole', async () => {
    const { session, database, record } = use();
    await record({ samples: [sampleOf('once', BASE_MS, 1)] });
    const { position } = await queryPosition(database, CHANNEL);
    const again = createBatchWriter(session).write({
      ...EMPTY,
      position,
      samples: [sampleOf('once', BASE_MS, 1)],
    });
    await expect(again).rejects.toMatchObject({ code: 'position_moved' });
    expect(await count('once')).toBe(1);
  });

  it('ST-20, ST-26: a row that cannot be stored, refused whole, the position stays', async () => {
    const { database, record } = use();
    await record({ samples: [sampleOf('whole', BASE_MS, 1)] });
    const before = await queryPosition(database, CHANNEL);
    const samples = [
      sampleOf('whole', BASE_MS + 1000, 2),
      sampleOf('whole', BASE_MS, 3, { time: '2026-02-29T00:00:00Z' }),
    ];
    await expect(record({ samples })).rejects.toMatchObject({ code: 'row_refused' });
    expect(await count('whole')).toBe(1);
    expect(await queryPosition(database, CHANNEL)).toEqual(before);
  });

  it('ST-22: samples with and without a meta of their own, each as it came', async () => {
    const { database, record } = use();
    const own = JSON.stringify({
      unit: 'percent',
      host: 'meta',
      stale_s: 4,
      "it's": 'a "quote", {brace} \\',
    });
    const usual = sampleOf('meta', BASE_MS, 1);
    await record({ samples: [usual, sampleOf('meta', BASE_MS + 1, 2, { meta: own })] });
    const rows = await database.query(
      "select type, meta from system_metrics where meta->>'host' = 'meta' order by time",
    );
    expect(rows).toEqual([
      { type: 'cpu', meta: JSON.parse(usual.meta) },
      { type: 'cpu', meta: JSON.parse(own) },
    ]);
  });

  it('ST-23: a time with microseconds, kept', async () => {
    const { database, record } = use();
    await record({ samples: [sampleOf('fine', 0, 1, { time: '2026-03-05T10:00:00.123456Z' })] });
    const [row] = await database.query(
      "select extract(microseconds from time)::integer as us from system_metrics where meta->>'host' = 'fine'",
    );
    expect(row?.['us']).toBe(123_456);
  });

  it('ST-27: samples on both sides of midnight, each in the partition of its day', async () => {
    const { database, record } = use();
    const midnightMs = Date.parse('2026-03-08T00:00:00Z');
    await record({ samples: [sampleOf('night', midnightMs - 1, 1), sampleOf('night', midnightMs, 2)] });
    const rows = await database.query(
      "select tableoid::regclass::text as day, value from system_metrics where meta->>'host' = 'night' order by time",
    );
    expect(rows).toEqual([
      { day: 'system_metrics_20260307', value: 1 },
      { day: 'system_metrics_20260308', value: 2 },
    ]);
  });

  it('ST-29: a dead letter, kept with its reason', async () => {
    const { database, record } = use();
    await record({ deadLetters: [{ id: '1-1', payload: '{"type":"odd"}', reason: 'unknown_type' }] });
    const [letter] = await queryDeadLetters(database, 1);
    expect(letter).toMatchObject({
      channel: CHANNEL,
      id: '1-1',
      payload: '{"type":"odd"}',
      reason: 'unknown_type',
    });
  });

  it('ST-30: samples in any order with roll-ups in between, what the samples give', async () => {
    const { database, session, record } = use();
    let run = 0;
    const sample = fc.record({
      minute: fc.integer({ min: 0, max: 2000 }),
      value: fc.integer({ min: -9, max: 9 }),
    });
    const steps = fc.array(
      fc.oneof(fc.array(sample, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 3000 })),
    );
    await fc.assert(
      fc.asyncProperty(steps, async (actions) => {
        run += 1;
        const host = `rolled-${run}`;
        const baseMs = BASE_MS + run * 86_400_000;
        for (const action of actions) {
          if (typeof action === 'number') await rollUp(session, { untilMs: baseMs + action * 60_000 });
          else
            await record({
              samples: action.map(({ minute, value }) => sampleOf(host, baseMs + minute * 60_000, value)),
            });
        }
        await rollUp(session, { untilMs: baseMs + 4 * 86_400_000 });
        for (const [table, width] of WIDTHS)
          expect(await rolledUp(database, table, host)).toEqual(await recomputed(database, width, host));
      }),
      { numRuns: 8 },
    );
  });

  it('ST-34, ST-39: the newest value of a series, whatever came after it for others', async () => {
    const { database, session, record } = use();
    await record({ samples: [sampleOf('latest', BASE_MS, 1), sampleOf('latest', BASE_MS + 5000, 2)] });
    await record({ samples: [sampleOf('latest-too', BASE_MS + 86_400_000, 3)] });
    await touchSeries(session);
    const [latest] = await queryLatest(database, { host: 'latest' });
    expect(latest).toMatchObject({ value: 2, timeMs: BASE_MS + 5000, staleMs: 0 });
    expect(latest?.series).toMatchObject({
      lastSeenMs: BASE_MS + 5000,
      firstSeenMs: BASE_MS,
      unit: 'percent',
    });
  });

  it('ST-34: the newest value of a collector that hangs, and how much older it is', async () => {
    const { database, record } = use();
    const meta = (stale: unknown) => JSON.stringify({ unit: 'percent', host: 'hung', stale_s: stale });
    await record({ samples: [sampleOf('hung', BASE_MS, 1, { meta: meta(4.5) })] });
    const [hung] = await queryLatest(database, { host: 'hung' });
    await record({ samples: [sampleOf('hung', BASE_MS + 1000, 1, { meta: meta('long') })] });
    const [foreign] = await queryLatest(database, { host: 'hung' });
    expect([hung?.staleMs, foreign?.staleMs]).toEqual([4500, 0]);
  });
}

const WIDTHS = [
  ['metrics_1m', '1 minute'],
  ['metrics_15m', '15 minutes'],
  ['metrics_1d', '1 day'],
] as const;
const COLUMNS = 'bucket::text, min, max, sum, count::integer, first_at::text, last_at::text';

function rolledUp(database: Database, table: string, host: string) {
  return database.query(
    `select ${COLUMNS} from ${table} join series s on s.id = series_id where s.host = $1 order by 1`,
    [host],
  );
}

function recomputed(database: Database, width: string, host: string) {
  return database.query(
    `select ${COLUMNS} from (
       select date_bin('${width}', time, timestamptz 'epoch') as bucket, min(value), max(value), sum(value), count(*),
         min(time) as first_at, max(time) as last_at
       from system_metrics join series s on s.id = series_id where s.host = $1 group by 1
     ) x order by 1`,
    [host],
  );
}
