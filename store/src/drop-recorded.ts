/**
 * Rows that may have been recorded before. Nobody else records meanwhile, so what is not there now will not be there
 * when the batch is written.
 */
import type { DatabaseStatus, Log } from '@pulsewire/shared-schema';
import { readNumber } from './columns.js';
import type { Queryable } from './database.js';
import type { Sample } from './record-samples.js';
import { seriesKeyOf } from './series-key.js';

export interface Repeats {
  samples: readonly Sample[];
  databases: readonly DatabaseStatus['data'][];
  logs: readonly Log['data'][];
}

/** Rows in JSON, numbered: those of them that are in the table. */
const SAMPLES = `select x.n from json_to_recordset($1::json) as x(n integer, key text, time timestamptz, value float8)
  where exists (select 1 from series s join system_metrics m on m.series_id = s.id
    where s.key = x.key and m.time = x.time and m.value = x.value)`;
const DATABASES = `select x.n from json_to_recordset($1::json) as x(n integer, time timestamptz, host text, name text)
  where exists (select 1 from database_status d
    where d.host = coalesce(x.host, '') and d.name = x.name and d.time = x.time)`;
const LOGS = `select x.n from json_to_recordset($1::json) as x(n integer, timestamp timestamptz, host text,
    service text, stream text, seq bigint, message text)
  where exists (select 1 from logs l where l.time = x.timestamp and l.service = x.service and l.host = x.host
    and l.stream = x.stream and l.seq = x.seq and l.message = x.message)`;

/** The batch with those repeats among its rows that are neither recorded nor among them already. */
export async function dropRecorded<B extends Repeats & { repeats: Repeats }>(
  session: Queryable,
  batch: B,
): Promise<B> {
  const { samples, databases, logs, repeats } = batch;
  const counted = repeats.samples.length + repeats.databases.length + repeats.logs.length;
  if (counted === 0) return batch;
  return {
    ...batch,
    samples: await merge(session, SAMPLES, samples, repeats.samples, (sample) => ({
      key: seriesKeyOf(sample),
      time: sample.time,
      value: sample.value,
    })),
    databases: await merge(session, DATABASES, databases, repeats.databases, ({ time, host, name }) => ({
      time,
      host,
      name,
    })),
    logs: await merge(session, LOGS, logs, repeats.logs, (line) => ({ ...line })),
  };
}

async function merge<T>(
  session: Queryable,
  sql: string,
  rows: readonly T[],
  repeats: readonly T[],
  identify: (row: T) => object,
): Promise<readonly T[]> {
  if (repeats.length === 0) return rows;
  const seen = new Set(rows.map((row) => JSON.stringify(identify(row))));
  const unseen = repeats.filter((row) => {
    const identity = JSON.stringify(identify(row));
    return !seen.has(identity) && seen.add(identity);
  });
  const numbered = unseen.map((row, n) => ({ ...identify(row), n }));
  const found = await session.query(sql, [JSON.stringify(numbered)]);
  const recorded = new Set(found.map((row) => readNumber(row, 'n')));
  return [...rows, ...unseen.filter((_row, n) => !recorded.has(n))];
}
