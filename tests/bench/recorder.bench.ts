/**
 * How fast history is written. First writer beside writer, with the same rows into the same tables of a PostgreSQL
 * that syncs every commit: ours, one INSERT per row, and INSERTs of many rows. Then the whole way: a publisher, a
 * real Redis, the built recorder, PostgreSQL, all on this machine. Must show 2.
 */
import { createRedisBus, isoTime, silentLogger } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import {
  createBatchWriter,
  type Database,
  migrate,
  openDatabase,
  prepareDays,
  type Sample,
} from '@pulsewire/store';
import pg from 'pg';
import { builtCommand } from '../src/support/built-entry.js';
import { freePort } from '../src/support/free-port.js';
import { startPostgres, type TestPostgres } from '../src/support/postgres.js';
import { startProcess } from '../src/support/process.js';
import { startRedis } from '../src/support/redis.js';
import { pause, poll } from '../src/support/within.js';
import { alternate, type BenchOptions, type BenchResult, median, round } from './harness.js';

const SERIES = 1000;
const BATCH_ROWS = 5000;
const MULTI_ROWS = 500;
const RATE_PER_S = 60_000;
const TICK_MS = 5;
const CHANNEL = CHANNELS.metrics;
const SETTINGS = { fsync: 'on', synchronous_commit: 'on', shared_buffers: '256MB', max_wal_size: '4GB' };

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const writers = await compareWriters(quick, note);
  const whole = await measureWhole(quick ? 10 : 30, note);
  const per = (name: keyof typeof writers) => median(writers[name]);
  return {
    bench: 'recorder',
    rows: [
      {
        writer: 'ours, whole way',
        'rows/s': round(whole.rowsPerS, 0),
        note: `lag p99 <= ${whole.lagP99S} s`,
      },
      {
        writer: 'ours',
        'rows/s': round(per('ours'), 0),
        note: `${BATCH_ROWS} rows and the position a transaction`,
      },
      {
        writer: 'multi-row INSERT',
        'rows/s': round(per('multi'), 0),
        note: `${MULTI_ROWS} rows a statement`,
      },
      { writer: 'single INSERT', 'rows/s': round(per('single'), 0), note: 'a row a statement' },
    ],
    figures: {
      rows_per_s: round(whole.rowsPerS, 0),
      lag_p99_s_at_most: whole.lagP99S,
      missing: whole.missing,
      writer_rows_per_s: round(per('ours'), 0),
      vs_single_insert: round(per('ours') / per('single'), 1),
      vs_multi_insert: round(per('ours') / per('multi'), 1),
    },
  };
}

async function compareWriters(quick: boolean, note: (line: string) => void) {
  const postgres = await startPostgres({ settings: SETTINGS });
  const database = openDatabase({ url: postgres.url, name: 'bench', logger: silentLogger });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await migrate(database);
    await client.connect();
    const session = await database.exclusive('bench');
    if (session === null) throw new Error('the lock is held');
    await prepareDays(session, Date.now());
    const writer = createBatchWriter(session);
    let position: string | null = null;
    let turn = 0;
    const ours = async (samples: readonly Sample[]) => {
      turn += 1;
      const next = `${turn}-0`;
      const repeats = { samples: [], databases: [], logs: [] };
      const none = { containers: [], alerts: [], databases: [], logs: [], deadLetters: [], repeats };
      await writer.write({
        channel: CHANNEL,
        after: position,
        position: next,
        token: next,
        samples,
        ...none,
      });
      position = next;
    };
    note('the first batch makes the series, and is not counted');
    await ours(makeSamples(SERIES));
    const ids = await seriesIds(database);
    const many = quick ? 100_000 : 500_000;
    note(`writers in turn: ${many} rows in batches, ${many / 20} one by one`);
    const result = await alternate(
      {
        ours: () => measure(makeSamples(many), BATCH_ROWS, ours),
        multi: () => measure(makeSamples(many), MULTI_ROWS, (rows) => insertMany(client, rows, ids)),
        single: () => measure(makeSamples(many / 20), 1, (rows) => insertMany(client, rows, ids)),
      },
      quick ? 2 : 3,
    );
    await session.stop();
    return result;
  } finally {
    await client.end();
    await database.stop();
    await postgres.stop();
  }
}

/** Rows a second. */
async function measure(
  samples: readonly Sample[],
  size: number,
  write: (rows: readonly Sample[]) => Promise<unknown>,
): Promise<number> {
  const startMs = performance.now();
  for (let first = 0; first < samples.length; first += size) await write(samples.slice(first, first + size));
  return (samples.length * 1000) / (performance.now() - startMs);
}

function insertMany(client: pg.Client, rows: readonly Sample[], ids: ReadonlyMap<string, number>) {
  const places = rows.map(
    (_, i) => `($${i * 5 + 1}, $${i * 5 + 2}, $${i * 5 + 3}, $${i * 5 + 4}, $${i * 5 + 5})`,
  );
  const values = rows.flatMap(({ time, metricType, value, meta, host }) => [
    time,
    metricType,
    value,
    meta,
    ids.get(host ?? ''),
  ]);
  const sql = `insert into system_metrics (time, type, value, meta, series_id) values ${places.join(',')}`;
  // Prepared once: without it the peers would lose to their own parsing.
  return client.query({ name: `insert-${rows.length}`, text: sql, values });
}

function makeSamples(count: number): Sample[] {
  const startMs = Date.now();
  return Array.from({ length: count }, (_, i) => {
    const host = `host-${i % SERIES}`;
    return {
      metricType: 'cpu',
      source: 'host',
      host,
      container: null,
      mount: null,
      core: null,
      unit: 'percent',
      time: isoTime(startMs + Math.floor(i / SERIES)),
      value: i,
      meta: JSON.stringify({ unit: 'percent', host }),
    };
  });
}

async function seriesIds(database: Database): Promise<Map<string, number>> {
  const rows = await database.query('select host, id from series');
  return new Map(rows.map((row) => [String(row['host']), Number(row['id'])]));
}

interface Whole {
  rowsPerS: number;
  lagP99S: number;
  missing: number;
}

async function measureWhole(seconds: number, note: (line: string) => void): Promise<Whole> {
  const [redis, postgres, port] = await Promise.all([
    startRedis(),
    startPostgres({ settings: SETTINGS }),
    freePort(),
  ]);
  const bus = createRedisBus({ url: redis.url, name: 'bench', logger: silentLogger });
  const env = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, PORT: String(port), LOG_FORMAT: 'json' };
  const recorder = await startProcess(process.execPath, builtCommand('recorder'), env, {
    readyWhen: /this recorder records/,
  });
  try {
    await busIs(bus, 'up');
    const total = RATE_PER_S * seconds;
    note(`the whole way: ${RATE_PER_S} messages a second for ${seconds} s`);
    const startMs = performance.now();
    await publishAtRate(total, startMs, (value) =>
      bus.publish(CHANNEL, {
        type: 'system_metric',
        data: {
          time: isoTime(Date.now()),
          metric_type: 'cpu',
          value,
          source: 'host',
          meta: { unit: 'percent', host: `host-${value % SERIES}` },
        },
      }),
    );
    const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const rowsOf = (text: string) => Number(/^pulsewire_recorder_rows_total\S* (\d+)/m.exec(text)?.[1] ?? 0);
    // What is missing is told below; a bench does not fail for it.
    const done = async () => (rowsOf(await scrape()) >= total ? true : undefined);
    await poll(done, { what: 'the last row', timeoutMs: 20_000, everyMs: 100 }).catch(() => {});
    const rowsPerS = (rowsOf(await scrape()) * 1000) / (performance.now() - startMs);
    return { rowsPerS, lagP99S: lagP99(await scrape()), missing: total - (await countDistinct(postgres)) };
  } finally {
    await recorder.stop();
    await bus.stop();
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

async function publishAtRate(
  total: number,
  startMs: number,
  publish: (value: number) => void,
): Promise<void> {
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) * RATE_PER_S) / 1000));
    for (; sent < due; sent += 1) publish(sent);
    await pause(TICK_MS);
  }
}

/** Upper bound of the histogram's bucket. A batch counts with its oldest message. */
function lagP99(text: string): number {
  const buckets = [...text.matchAll(/^pulsewire_recorder_lag_seconds_bucket\{le="([^"]+)".*\} (\d+)$/gm)].map(
    ([, le, count]) => ({ le: Number(le), count: Number(count) }),
  );
  const all = buckets.at(-1)?.count ?? 0;
  return buckets.find(({ count }) => count >= all * 0.99)?.le ?? Number.NaN;
}

async function countDistinct({ url }: TestPostgres): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select count(distinct value)::integer as n from system_metrics');
  await client.end();
  return rows[0].n;
}
