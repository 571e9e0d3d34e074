/** The recorder as a process, with everything killed around it. Rules: recorder/SPEC.md. */
import { type Bus, createRedisBus, silentLogger } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { type Database, openDatabase } from '@pulsewire/store';
import { afterEach, expect, it } from 'vitest';
import { builtCommand } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { pause, poll } from '../support/within.js';
import { metricOf } from './recorder-rig.js';

describeWith(['postgresql-server', 'redis-server'], 'the recorder as a process', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  interface Scene {
    redis: TestRedis;
    postgres: TestPostgres;
    bus: Bus;
    database: Database;
    port: number;
    startRecorder(): Promise<TestProcess>;
  }

  async function setUp(): Promise<Scene> {
    const [redis, postgres, port] = await Promise.all([
      startRedis({ appendOnly: true }),
      startPostgres(),
      freePort(),
    ]);
    stops.push(
      () => redis.stop(),
      () => postgres.stop(),
    );
    const bus = createRedisBus({ url: redis.url, name: 'test', logger: silentLogger });
    stops.push(() => bus.stop());
    await busIs(bus, 'up');
    const database = openDatabase({ url: postgres.url, name: 'test', logger: silentLogger });
    stops.push(() => database.stop());
    const env = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, PORT: String(port), LOG_FORMAT: 'json' };
    return {
      redis,
      postgres,
      bus,
      database,
      port,
      async startRecorder() {
        const recorder = await startProcess(process.execPath, builtCommand('recorder'), env, {
          readyWhen: /the recorder runs/,
        });
        stops.push(() => recorder.stop());
        return recorder;
      },
    };
  }

  it('RC-10, RC-12: recorder, PostgreSQL and Redis killed while messages flow, exactly what was published', async () => {
    const { redis, postgres, bus, database, startRecorder } = await setUp();
    let recorder = await startRecorder();
    const total = 12_000;
    const faults: Record<number, () => Promise<unknown>> = {
      2000: async () => {
        await recorder.stop('SIGKILL');
        recorder = await startRecorder();
      },
      4000: () => postgres.kill(),
      6000: () => recorder.stop('SIGKILL'),
      7000: () => redis.restart(),
      8000: () => postgres.restart(),
      9000: async () => {
        recorder = await startRecorder();
      },
      10000: () => postgres.restart(),
    };
    const startMs = Date.now();
    const failing: Promise<unknown>[] = [];
    for (let value = 0; value < total; value += 1) {
      bus.publish(CHANNELS.metrics, metricOf('fault', value, new Date(startMs + value).toISOString()));
      const fault = faults[value];
      if (fault !== undefined) failing.push(fault());
      if (value % 10 === 9) await pause(10);
    }
    await Promise.all(failing);
    expect(await bus.flush(20_000)).toBe(true);
    const found = await poll(
      async () => {
        const [row] = await database
          .query(
            "select count(*)::integer as n, sum(value)::float8 as sum from system_metrics where meta->>'host' = 'fault'",
          )
          .catch(() => []);
        return Number(row?.['n']) >= total ? row : undefined;
      },
      { what: 'all messages', timeoutMs: 60_000, everyMs: 200 },
    );
    // A checksum in which one message twice and another one missing cannot make up for each other.
    const [distinct] = await database.query(
      "select count(distinct value)::integer as n from system_metrics where meta->>'host' = 'fault'",
    );
    expect(found).toEqual({ n: total, sum: (total * (total - 1)) / 2 });
    expect(distinct).toEqual({ n: total });
  });

  it('RC-23: where it stands, ready only while the database answers', async () => {
    const { bus, postgres, port, startRecorder } = await setUp();
    await startRecorder();
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      return {
        status: response.status,
        body: (await response.json()) as Record<string, Record<string, unknown>>,
      };
    };
    bus.publish(CHANNELS.metrics, metricOf('ready', 1));
    const report = await poll(
      async () => {
        const now = await ready();
        return /^\d+-\d+$/.test(String(now.body['facts']?.['recorded_system:metrics'])) ? now : undefined;
      },
      { what: 'a position' },
    );
    expect(report).toMatchObject({ status: 200, body: { facts: { role: 'recording' } } });
    await postgres.kill();
    await poll(async () => ((await ready()).status === 503 ? true : undefined), { what: 'not ready' });
  });

  it('RC-23: no addresses and a wrong number, exit code 2 and every mistake', async () => {
    const env = { RETENTION_RAW_DAYS: 'many' };
    const recorder = await startProcess(process.execPath, builtCommand('recorder'), env);
    expect(await recorder.exited).toEqual({ code: 2, signal: null });
    for (const name of ['REDIS_URL', 'DATABASE_URL', 'RETENTION_RAW_DAYS'])
      expect(recorder.output()).toContain(name);
  });
});
