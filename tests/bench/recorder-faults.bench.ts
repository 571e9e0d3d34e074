/**
 * Everything fails while 1,000 messages a second are published: PostgreSQL is killed and away for 5 minutes, the
 * recorder is killed in the middle of that and again while it catches up, and Redis, with the configuration that we
 * ship, is shut down and started again. Afterwards the table must hold exactly what was published. Must show 3.
 * There is no peer: the promise is absolute.
 */
import { join } from 'node:path';
import { type Bus, createRedisBus, isoTime, silentLogger } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';
import { CHANNELS, LIMITS } from '@pulsewire/shared-schema';
import pg from 'pg';
import { builtCommand, REPOSITORY_ROOT } from '../src/support/built-entry.js';
import { freePort } from '../src/support/free-port.js';
import { startPostgres, type TestPostgres } from '../src/support/postgres.js';
import { startProcess, type TestProcess } from '../src/support/process.js';
import { startRedis, type TestRedis } from '../src/support/redis.js';
import { pause, poll } from '../src/support/within.js';
import { type BenchOptions, type BenchResult, type BenchRow, round } from './harness.js';

const RATE_PER_S = 1000;
const HOSTS = 100;
const TICK_MS = 10;
const CHANNEL = CHANNELS.metrics;

interface Scene {
  redis: TestRedis;
  postgres: TestPostgres;
  bus: Bus;
  port: number;
  recorder: TestProcess;
  launch(): Promise<TestProcess>;
}

interface Found {
  rows: number;
  distinct: number;
  sum: number;
}

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const outageMs = quick ? 10_000 : 300_000;
  const rows: BenchRow[] = [];
  const scene = await setUp();
  const publisher = startPublisher(scene.bus);
  const tell = (what: string) => {
    note(`${publisher.published()} published: ${what}`);
    rows.push({ published: publisher.published(), what });
  };
  try {
    await pause(quick ? 3000 : 20_000);
    tell('PostgreSQL killed');
    const before = publisher.published();
    await scene.postgres.kill();
    await pause(outageMs * 0.5);
    tell(`recorder killed, which told of a reach of at least ${await readReach(scene.port)} s`);
    await scene.recorder.stop('SIGKILL');
    scene.recorder = await scene.launch();
    await pause(outageMs * 0.2);
    tell('Redis shut down');
    await shutDown(scene.redis);
    await pause(quick ? 2000 : 10_000);
    await scene.redis.restart();
    await busIs(scene.bus, 'up');
    tell('Redis is back');
    await pause(outageMs * 0.3);
    const reachLeftS = (LIMITS.logEntries - (publisher.published() - before)) / RATE_PER_S;
    await scene.postgres.restart();
    const backMs = performance.now();
    tell('PostgreSQL is back');
    // As soon as it catches up, and before it has.
    await poll(async () => ((await countRows(scene.postgres)) > before ? true : undefined), {
      what: 'the first row after the outage',
      timeoutMs: 60_000,
      everyMs: 20,
    });
    tell('recorder killed while it catches up');
    await scene.recorder.stop('SIGKILL');
    scene.recorder = await scene.launch();
    const isLevel = async () =>
      (await countRows(scene.postgres)) >= publisher.published() - 2 * RATE_PER_S ? true : undefined;
    await poll(isLevel, { what: 'catching up', timeoutMs: 120_000, everyMs: 200 });
    const caughtUpMs = performance.now() - backMs;
    tell('caught up');
    await pause(quick ? 3000 : 20_000);
    const total = await publisher.stop();
    const found = await settled(scene.postgres, total);
    tell('all of it looked at');
    return { bench: 'recorder-faults', rows, figures: judge(found, total, reachLeftS, caughtUpMs) };
  } finally {
    await publisher.stop();
    await scene.recorder.stop();
    await scene.bus.stop();
    await Promise.all([scene.redis.stop(), scene.postgres.stop()]);
  }
}

function judge(found: Found, total: number, reachLeftS: number, caughtUpMs: number) {
  // What one message lost and another one twice would leave as it is, distinct values tell.
  const isWhole = found.rows === total && found.distinct === total;
  if (isWhole && found.sum !== (total * (total - 1)) / 2) throw new Error('the checksum differs');
  return {
    published: total,
    missing: total - found.distinct,
    doubled: found.rows - found.distinct,
    reach_left_s: round(reachLeftS, 0),
    caught_up_s: round(caughtUpMs / 1000, 1),
  };
}

async function setUp(): Promise<Scene> {
  const config = join(REPOSITORY_ROOT, 'deploy', 'redis', 'redis.conf');
  const [redis, postgres, port] = await Promise.all([
    startRedis({ config }),
    startPostgres({ settings: { fsync: 'on', max_wal_size: '2GB' } }),
    freePort(),
  ]);
  const bus = createRedisBus({ url: redis.url, name: 'bench', logger: silentLogger });
  await busIs(bus, 'up');
  const env = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, PORT: String(port), LOG_FORMAT: 'json' };
  const launch = () =>
    startProcess(process.execPath, builtCommand('recorder'), env, { readyWhen: /the recorder runs/ });
  const recorder = await launch();
  await recorder.line(/this recorder records/);
  return { redis, postgres, bus, port, recorder, launch };
}

function startPublisher(bus: Bus) {
  const startMs = performance.now();
  let next = 0;
  let running = true;
  const ended = (async () => {
    while (running) {
      const due = Math.floor(((performance.now() - startMs) * RATE_PER_S) / 1000);
      for (; next < due; next += 1) publishOne(bus, next);
      await pause(TICK_MS);
    }
  })();
  return {
    published: () => next,
    /** How many there were, once all of them are in the log. */
    async stop(): Promise<number> {
      running = false;
      await ended;
      if (!(await bus.flush(20_000))) throw new Error('not everything could be published');
      return next;
    },
  };
}

function publishOne(bus: Bus, value: number): void {
  const meta = { unit: 'percent', host: `host-${value % HOSTS}` };
  const data = { time: isoTime(Date.now()), metric_type: 'cpu', value, source: 'host', meta } as const;
  bus.publish(CHANNEL, { type: 'system_metric', data });
}

/** As an operator does it; resolves when nobody listens any more. */
async function shutDown({ pid }: TestRedis): Promise<void> {
  process.kill(pid, 'SIGTERM');
  await poll(() => (isThere(pid) ? undefined : true), { what: 'the end of Redis', timeoutMs: 30_000 });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function readReach(port: number): Promise<string> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return /^pulsewire_recorder_reach_left_seconds\S* (\S+)/m.exec(text)?.[1] ?? 'unknown';
}

/** Once nothing comes any more, or too much has. */
async function settled(postgres: TestPostgres, total: number): Promise<Found> {
  const isDone = async () => ((await countRows(postgres)) >= total ? true : undefined);
  await poll(isDone, { what: 'the last row', timeoutMs: 30_000, everyMs: 200 }).catch(() => {});
  await pause(2000);
  return count(postgres);
}

async function countRows(postgres: TestPostgres): Promise<number> {
  return Number((await ask(postgres, 'select count(*) as rows from system_metrics'))['rows']);
}

async function count(postgres: TestPostgres): Promise<Found> {
  const row = await ask(
    postgres,
    'select count(*) as rows, count(distinct value) as distinct, sum(value) as sum from system_metrics',
  );
  return { rows: Number(row['rows']), distinct: Number(row['distinct']), sum: Number(row['sum']) };
}

async function ask({ url }: TestPostgres, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}
