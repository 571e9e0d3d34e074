/**
 * How fast history is read, and how large it is: 20 series at 1 Hz for 30 days (52 million samples; 3 days with
 * `--quick`) in a real PostgreSQL. Beside each chart of ours the same one in plain SQL over the samples. Must show 4.
 */
import { silentLogger } from '@pulsewire/runtime';
import {
  type Database,
  type ExclusiveSession,
  migrate,
  openDatabase,
  queryMetrics,
  rollUp,
} from '@pulsewire/store';
import pg from 'pg';
import { startPostgres } from '../src/support/postgres.js';
import { type BenchOptions, type BenchResult, type BenchRow, median, round } from './harness.js';

const SERIES = 20;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const POINTS = 1000;
const ROUNDS = 7;
/** A server that keeps history has some memory for it; less than the samples take. */
const SETTINGS = { shared_buffers: '512MB', max_wal_size: '8GB', synchronous_commit: 'off', jit: 'off' };

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const days = quick ? 3 : 30;
  const postgres = await startPostgres({ settings: SETTINGS });
  const database = openDatabase({
    url: postgres.url,
    name: 'bench',
    logger: silentLogger,
    statementTimeoutMs: 600_000,
  });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await database.ready;
    await migrate(database);
    await client.connect();
    const session = await database.exclusive('bench');
    if (session === null) throw new Error('the lock is held');
    const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const fromMs = endMs - days * DAY_MS;
    await generate(session, fromMs, days, note);
    note('rolling up');
    const before = await diskBytes(client);
    await rollUp(session, { untilMs: endMs });
    await client.query('analyze');
    const after = await diskBytes(client);
    await session.stop();

    const chart = { metricType: 'metric_7', points: POINTS };
    const all = { ...chart, fromMs, toMs: endMs };
    const hour = { ...chart, fromMs: endMs - 30 * HOUR_MS, toMs: endMs - 29 * HOUR_MS, points: 14_500 };
    note('charts: ours, then plain SQL');
    const ours30 = await timed(() => queryMetrics(database, all));
    const plain30 = await timed(() => plainChart(client, fromMs, endMs));
    const ours1 = await timed(() => queryMetrics(database, hour));
    const plain1 = await timed(() => plainSamples(client, hour.fromMs, hour.toMs));
    const samples = SERIES * days * 86_400;
    await check(database, client, all);
    return {
      bench: 'history',
      rows: [
        row(`${days} days in ${POINTS} points`, ours30, plain30),
        row('1 hour of samples', ours1, plain1),
      ],
      figures: {
        samples,
        days,
        [`chart_${days}d_ms`]: round(median(ours30)),
        raw_1h_ms: round(median(ours1)),
        [`chart_${days}d_vs_raw`]: round(median(plain30) / median(ours30), 1),
        bytes_per_sample: round(after / samples, 1),
        bytes_per_sample_without_rollups: round(before / samples, 1),
      },
    };
  } finally {
    await client.end();
    await database.stop();
    await postgres.stop();
  }
}

/** Made inside the database, in the order in which samples come. */
async function generate(
  session: ExclusiveSession,
  fromMs: number,
  days: number,
  note: (line: string) => void,
): Promise<void> {
  await session.query(
    `insert into series (key, metric_type, source, host, unit, meta, first_seen, last_seen)
     select 'metric_' || n, 'metric_' || n, 'host', 'web-1', 'percent', '{"unit":"percent","host":"web-1"}',
       to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000)
     from generate_series(1, ${SERIES}) n`,
    [fromMs],
  );
  for (let day = 0; day < days; day += 1) {
    if (day % 5 === 0) note(`generating: day ${day} of ${days}`);
    const startMs = fromMs + day * DAY_MS;
    const [name, next] = [dayText(startMs), dayText(startMs + DAY_MS)];
    const table = `system_metrics_${name.replaceAll('-', '')}`;
    await session.query(
      `create table ${table} partition of system_metrics for values from ('${name} 00:00:00Z') to ('${next} 00:00:00Z')`,
    );
    await session.query(
      `insert into system_metrics (time, type, value, meta, series_id)
       select t, s.metric_type, round((50 + 40 * sin(extract(epoch from t) / 3600 + s.id))::numeric, 1), s.meta, s.id
       from generate_series(to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), interval '1 second') t
       cross join series s`,
      [startMs, startMs + DAY_MS - 1000],
    );
  }
}

/** The same widths as ours, from the samples. */
function plainChart(client: pg.Client, fromMs: number, toMs: number) {
  const widthMs = toMs - fromMs > 10 * DAY_MS ? HOUR_MS : 5 * 60_000;
  return client.query(
    `select date_bin($3::float8 * interval '1 millisecond', time, timestamptz 'epoch'), min(value), avg(value), max(value)
     from system_metrics where series_id = (select id from series where metric_type = 'metric_7')
       and time >= to_timestamp($1::float8 / 1000) and time < to_timestamp($2::float8 / 1000)
     group by 1 order by 1`,
    [fromMs, toMs, widthMs],
  );
}

function plainSamples(client: pg.Client, fromMs: number, toMs: number) {
  return client.query(
    `select time, value from system_metrics where series_id = (select id from series where metric_type = 'metric_7')
       and time >= to_timestamp($1::float8 / 1000) and time < to_timestamp($2::float8 / 1000) order by time`,
    [fromMs, toMs],
  );
}

/** A fast chart of something else would be worth nothing. */
async function check(
  database: Database,
  client: pg.Client,
  request: { metricType: string; fromMs: number; toMs: number; points: number },
): Promise<void> {
  const ours = (await queryMetrics(database, request)).series[0]?.points ?? [];
  const plain = (await plainChart(client, request.fromMs, request.toMs)).rows;
  const differs = plain.some(
    ({ min, avg, max }, i) =>
      ours[i]?.[1] !== min || ours[i]?.[3] !== max || Math.abs((ours[i]?.[2] ?? 0) - avg) > 1e-6,
  );
  if (ours.length !== plain.length || differs) throw new Error('the two charts differ');
}

/** Milliseconds of each round, the first one with cold caches. */
async function timed(ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const startMs = performance.now();
    await ask();
    times.push(performance.now() - startMs);
  }
  return times;
}

async function diskBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
     where relkind = 'r' and (relname like 'system_metrics_%' or relname like 'metrics_%')`,
  );
  return rows[0].bytes;
}

function row(chart: string, ours: readonly number[], plain: readonly number[]): BenchRow {
  return {
    chart,
    'ours (ms)': round(median(ours)),
    'ours, first (ms)': round(ours[0] ?? Number.NaN),
    'plain SQL (ms)': round(median(plain)),
    'plain SQL, first (ms)': round(plain[0] ?? Number.NaN),
  };
}

function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
