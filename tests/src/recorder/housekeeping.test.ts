/** What the recorder does beside recording, with time that a test moves on. Rules: recorder/SPEC.md. */
import { createManualClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { poll } from '../support/within.js';
import { createRig, metricOf, type RecorderRig } from './recorder-rig.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describeWith('postgresql-server', 'housekeeping', () => {
  let rig: RecorderRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig?.stop());

  it('RC-21: minutes pass, rolled up; eight days pass, the samples are gone and their roll-up is there', async () => {
    const startMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const clock = createManualClock(startMs);
    await rig.start(clock);
    for (let second = 0; second < 60; second += 1)
      rig.bus.publish(
        CHANNELS.metrics,
        metricOf('kept', second, new Date(startMs + second * 1000).toISOString()),
      );
    /** Asks as time goes by. */
    const passing = (stepMs: number, sql: string, what: string) =>
      poll(
        async () => {
          clock.advance(stepMs);
          const rows = await rig.database.query(sql).catch(() => []);
          return rows[0];
        },
        { what, everyMs: 50, timeoutMs: 30_000 },
      );
    const bucket = await passing(
      5000,
      "select min, max, count::integer from metrics_1m join series s on s.id = series_id where s.host = 'kept'",
      'the roll-up',
    );
    expect(bucket).toEqual({ min: 0, max: 59, count: 60 });
    await passing(
      DAY_MS / 24,
      "select 1 as gone where not exists (select 1 from system_metrics where meta->>'host' = 'kept')",
      'the end of the samples',
    );
    const [left] = await rig.database.query(
      "select sum(count)::integer as count from metrics_1m join series s on s.id = series_id where s.host = 'kept'",
    );
    expect(left).toEqual({ count: 60 });
    const day = new Date(clock.nowMs() + DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    expect(
      await passing(
        MINUTE_MS,
        `select to_regclass('logs_${day}')::text as name where to_regclass('logs_${day}') is not null`,
        'the next day',
      ),
    ).toEqual({ name: `logs_${day}` });
  });
});
