/**
 * A *batch* is what a stretch of one channel's log said. Its rows and the channel's new position are written in one
 * transaction, and only if the position is still the one that the batch continues: so every message is recorded
 * once, whoever crashes when.
 */
import type { Alert, Channel, ContainerStatus, DatabaseStatus, Log } from '@pulsewire/shared-schema';
import type { ExclusiveSession, Queryable } from './database.js';
import { dropRecorded, type Repeats } from './drop-recorded.js';
import { StoreError } from './errors.js';
import { ensureDays } from './partitions.js';
import { recordAlerts } from './record-alerts.js';
import { recordContainers } from './record-containers.js';
import { prepareSamples, recordSamples, type Sample } from './record-samples.js';
import type { SeriesRegistry } from './record-series.js';

export interface DeadLetter {
  /** Position in the channel's log; `null` for a foreign message. */
  id: string | null;
  /** As it came, as far as it is text. */
  payload: string;
  /** A short code. */
  reason: string;
}

export interface Batch {
  channel: Channel;
  /** The position that is stored now; `null` when there is none. */
  after: string | null;
  /** The position that the batch reaches; the same as `after` when it holds foreign messages only. */
  position: string | null;
  /** Its own name, stored beside the position. */
  token: string;
  samples: readonly Sample[];
  containers: readonly ContainerStatus['data'][];
  alerts: readonly Alert['data'][];
  databases: readonly DatabaseStatus['data'][];
  logs: readonly Log['data'][];
  deadLetters: readonly DeadLetter[];
  /** Rows that may have been recorded before: those that were are left out. Alerts and containers bear repeats. */
  repeats: Repeats;
}

export interface BatchWriterOptions {
  /** Default 100,000: the most series that there may be before samples of new ones are put aside. */
  maxSeries?: number;
}

export interface BatchWriter {
  /**
   * Samples of a series beyond the number that the store keeps become dead letters, `too_many_series`. Rejects with `row_refused` when the database does not take one of the rows, `position_moved`,
   * `database_unavailable`, and other errors of a query; nothing of the batch remains then.
   */
  write(batch: Batch): Promise<void>;
}

const MAX_SERIES = 100_000;
const MAX_DEAD_LETTERS = 10_000;
const MOVE = `insert into recorder_positions as p (channel, position, token) values ($1, $2, $4)
  on conflict (channel) do update set position = excluded.position, token = excluded.token, updated_at = now()
  where p.position is not distinct from $3 returning 1 as moved`;
const INSERT_DATABASES = `insert into database_status (time, host, name, kind, status, latency_ms, data)
  select (d->>'time')::timestamptz, coalesce(d->>'host', ''), d->>'name', d->>'kind', d->>'status',
    (d->>'latency_ms')::float8, d
  from jsonb_array_elements($1::jsonb) as d`;
const INSERT_LOGS = `insert into logs (time, host, service, level, stream, seq, message)
  select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])`;
const INSERT_DEAD = `insert into dead_letters (channel, id, payload, reason)
  select $1, x.id, x.payload, x.reason
  from json_to_recordset($2::json) as x(id text, payload text, reason text)`;
/** The newest tell what is wrong now; a producer that is broken may send a thousand a second. */
const DROP_OLDEST_DEAD = `delete from dead_letters
  where number <= (select max(number) from dead_letters) - ${MAX_DEAD_LETTERS}`;

/** Keeps what it learns of series and partitions, until a batch fails. */
export function createBatchWriter(
  session: ExclusiveSession,
  { maxSeries = MAX_SERIES }: BatchWriterOptions = {},
): BatchWriter {
  const registry: SeriesRegistry = new Map();
  const days = new Set<string>();

  async function write(given: Batch): Promise<void> {
    const batch = await dropRecorded(session, given);
    const { columns, refused } = await prepareSamples(session, registry, batch.samples, maxSeries);
    const deadLetters = [...batch.deadLetters, ...refused.map(renderRefused)];
    await ensureDays(
      session,
      days,
      'system_metrics',
      batch.samples.map(({ time }) => time),
    );
    await ensureDays(
      session,
      days,
      'logs',
      batch.logs.map(({ timestamp }) => timestamp),
    );
    await session.transaction(async (transaction) => {
      await movePosition(transaction, batch);
      await recordSamples(transaction, columns);
      await recordContainers(transaction, batch.containers);
      await recordAlerts(transaction, batch.alerts);
      if (batch.databases.length > 0)
        await transaction.query(INSERT_DATABASES, [JSON.stringify(batch.databases)]);
      await recordLogs(transaction, batch.logs);
      await recordDead(transaction, batch.channel, deadLetters);
    });
  }

  return {
    async write(batch) {
      try {
        await write(batch);
      } catch (error) {
        const knewSomething = registry.size + days.size > 0;
        registry.clear();
        days.clear();
        // Perhaps a series or a day was removed that was there before; then nothing is wrong with the rows.
        const isRefused = error instanceof StoreError && error.code === 'row_refused';
        if (!isRefused || !knewSomething) throw error;
        await write(batch);
      }
    },
  };
}

async function recordDead(
  session: Queryable,
  channel: Channel,
  deadLetters: readonly DeadLetter[],
): Promise<void> {
  if (deadLetters.length === 0) return;
  await session.query(INSERT_DEAD, [channel, JSON.stringify(deadLetters)]);
  await session.query(DROP_OLDEST_DEAD);
}

function renderRefused(sample: Sample): DeadLetter {
  return { id: null, payload: JSON.stringify(sample), reason: 'too_many_series' };
}

async function movePosition(session: Queryable, batch: Batch): Promise<void> {
  const { channel, after, position, token } = batch;
  const moved = await session.query(MOVE, [channel, position, after, token]);
  if (moved.length > 0) return;
  throw new StoreError('position_moved', `${channel} is not at ${after ?? 'its beginning'} any more`);
}

async function recordLogs(session: Queryable, logs: readonly Log['data'][]): Promise<void> {
  if (logs.length === 0) return;
  await session.query(INSERT_LOGS, [
    logs.map(({ timestamp }) => timestamp),
    logs.map(({ host }) => host),
    logs.map(({ service }) => service),
    logs.map(({ level }) => level),
    logs.map(({ stream }) => stream),
    logs.map(({ seq }) => seq),
    logs.map(({ message }) => message),
  ]);
}
