/** The contract's part about what must neither be doubled, nor be lost unseen, nor grow without end. */
import type { Log } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import { queryLogs } from './query-logs.js';
import { queryDeadLetters, queryPosition } from './query-recorder.js';
import { querySeries } from './query-series.js';
import { createBatchWriter } from './record-batch.js';
import { applyRetention } from './retention.js';
import { rollUp } from './roll-up.js';
import type { Use } from './store-contract-recording.test-support.js';
import { CHANNEL, EMPTY, sampleOf } from './store-rig.test-support.js';

const BASE_MS = Date.parse('2026-05-05T10:00:00Z');
const DAY_MS = 86_400_000;
const RETENTION = { rawDays: 7, minutesDays: 90, quartersDays: 730, logDays: 3 };
const NONE = { samples: [], databases: [], logs: [] };

export function describeBounds(use: Use): void {
  const values = async (host: string) => {
    const rows = await use().database.query(
      "select value from system_metrics where meta->>'host' = $1 order by time",
      [host],
    );
    return rows.map((row) => row['value']);
  };

  it('ST-45: samples told again, in the same batch or later, once', async () => {
    const { record } = use();
    const [one, two, three] = [1, 2, 3].map((n) => sampleOf('again', BASE_MS + n, n)) as [
      ReturnType<typeof sampleOf>,
      ReturnType<typeof sampleOf>,
      ReturnType<typeof sampleOf>,
    ];
    await record({ samples: [one] });
    await record({ samples: [two], repeats: { ...NONE, samples: [one, two, three, three] } });
    expect(await values('again')).toEqual([1, 2, 3]);
  });

  it('ST-45: lines and the status of a database told again, once', async () => {
    const { database, record } = use();
    const time = new Date(BASE_MS).toISOString();
    const line: Log['data'] = {
      service: 'again',
      level: 'info',
      message: 'x',
      timestamp: time,
      host: 'h',
      stream: 'stdout',
      seq: 1,
    };
    const status = { name: 'again', kind: 'redis', status: 'up', latency_ms: 1, time } as const;
    await record({ logs: [line], databases: [status] });
    await record({ repeats: { ...NONE, logs: [line, { ...line, seq: 2 }], databases: [status] } });
    const lines = await queryLogs(database, { service: 'again', limit: 10 });
    expect(lines.map(({ seq }) => seq).sort()).toEqual([1, 2]);
    const [row] = await database.query(
      "select count(*)::integer as n from database_status where name = 'again'",
    );
    expect(row).toEqual({ n: 1 });
  });

  it('ST-46: a series and a day removed by somebody else, what comes is recorded all the same', async () => {
    const { database, record } = use();
    await record({ samples: [sampleOf('removed', BASE_MS, 1)] });
    await database.query("delete from series where host = 'removed'");
    await database.query('drop table system_metrics_20260505');
    await record({ samples: [sampleOf('removed', BASE_MS + 1, 2)] });
    expect(await values('removed')).toEqual([2]);
    expect(await querySeries(database, { host: 'removed' })).toHaveLength(1);
  });

  it('ST-47: no room for another series, its samples put aside and those of the others recorded', async () => {
    const { database, session, record } = use();
    await record({ samples: [sampleOf('known', BASE_MS, 1)] });
    const [counted] = await database.query('select count(*)::integer as n from series');
    const writer = createBatchWriter(session, { maxSeries: Number(counted?.['n']) + 1 });
    const { position: after } = await queryPosition(database, CHANNEL);
    const samples = ['new-1', 'known', 'new-2'].map((host) => sampleOf(host, BASE_MS + 1000, 2));
    await writer.write({ ...EMPTY, after, position: after, samples });
    expect(await values('known')).toEqual([1, 2]);
    expect(await values('new-1')).toEqual([2]);
    expect(await values('new-2')).toEqual([]);
    const [letter] = await queryDeadLetters(database, 1);
    expect(letter).toMatchObject({ reason: 'too_many_series', payload: expect.stringContaining('new-2') });
  });

  it('ST-47: a series that was not seen for as long as quarters are kept, forgotten with its days', async () => {
    const { database, session, record } = use();
    await record({ samples: [sampleOf('gone', BASE_MS, 1)] });
    await record({ samples: [sampleOf('here', BASE_MS + 800 * DAY_MS, 1)] });
    const nowMs = BASE_MS + 801 * DAY_MS;
    await rollUp(session, { untilMs: nowMs });
    const [gone] = await querySeries(database, { host: 'gone' });
    await applyRetention(session, RETENTION, nowMs);
    expect(await querySeries(database, { host: 'gone' })).toEqual([]);
    expect(await querySeries(database, { host: 'here' })).toHaveLength(1);
    const days = await database.query('select 1 as found from metrics_1d where series_id = $1', [gone?.id]);
    expect(days).toEqual([]);
  });

  it('ST-48: more dead letters than are kept, the newest 10,000 of 30 days', async () => {
    const { database, session, record } = use();
    const letters = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ id: null, payload: String(from + i), reason: 'odd' }));
    await record({ deadLetters: letters(0, 9000) });
    await record({ deadLetters: letters(9000, 3000) });
    const kept = await queryDeadLetters(database, 20_000);
    expect(kept).toHaveLength(10_000);
    expect(kept[0]?.payload).toBe('11999');
    await database.query("update dead_letters set time = now() - interval '40 days' where payload < '2'");
    await applyRetention(session, RETENTION, Date.now());
    const left = await queryDeadLetters(database, 20_000);
    expect(left.some(({ payload }) => payload < '2')).toBe(false);
    expect(left.length).toBeGreaterThan(0);
  });
}
