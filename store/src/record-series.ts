/** Series get their ids when their first sample comes; the registry remembers them, so that samples need no lookup. */
import { readNumber, readText } from './columns.js';
import type { Queryable } from './database.js';
import { seriesKeyOf } from './series-key.js';
import type { SeriesIdentity } from './subjects.js';

export interface NewSeries {
  identity: SeriesIdentity;
  unit: string | null;
  /** JSON of the first sample's `meta`; samples whose own is the same need not bring it. */
  meta: string;
  /** Of its first sample: ISO 8601 UTC. */
  time: string;
}

export interface KnownSeries {
  id: number;
  /** JSON as it was given. Not what PostgreSQL made of it, so that it can be compared. */
  meta: string;
}

/** One for each session that records; at most as large as the number of series. */
export type SeriesRegistry = Map<string, KnownSeries>;

const UPSERT = `insert into series
    (key, metric_type, source, host, container, mount, core, unit, meta, first_seen, last_seen)
  select x.key, x.metric_type, x.source, x.host, x.container, x.mount, x.core, x.unit, x.meta, x.time, x.time
  from json_to_recordset($1::json) as x(key text, metric_type text, source text, host text, container text,
    mount text, core integer, unit text, meta jsonb, time timestamptz)
  on conflict (key) do update set unit = excluded.unit, meta = excluded.meta
  returning id, key`;

/**
 * Makes ids for series that the registry lacks, up to `limit` series in all: names may be made up endlessly. Doing it
 * twice changes nothing.
 */
export async function recordSeries(
  session: Queryable,
  registry: SeriesRegistry,
  series: readonly NewSeries[],
  limit: number,
): Promise<void> {
  const missing = new Map<string, NewSeries>();
  for (const entry of series) {
    const key = seriesKeyOf(entry.identity);
    if (!registry.has(key) && !missing.has(key)) missing.set(key, entry);
  }
  if (missing.size === 0) return;
  const admitted = await admit(session, [...missing.keys()], limit);
  const rows = [...missing]
    .filter(([key]) => admitted.has(key))
    .map(([key, { identity, unit, meta, time }]) => ({
      key,
      metric_type: identity.metricType,
      source: identity.source,
      host: identity.host,
      container: identity.container,
      mount: identity.mount,
      core: identity.core,
      unit,
      meta: JSON.parse(meta) as unknown,
      time,
    }));
  if (rows.length === 0) return;
  for (const row of await session.query(UPSERT, [JSON.stringify(rows)])) {
    const key = readText(row, 'key');
    const meta = missing.get(key)?.meta;
    if (meta !== undefined) registry.set(key, { id: readNumber(row, 'id'), meta });
  }
}

/** Of these keys those that exist, and as many others as there is room for. */
async function admit(
  session: Queryable,
  keys: readonly string[],
  limit: number,
): Promise<ReadonlySet<string>> {
  const [counted] = await session.query('select count(*)::float8 as total from series');
  const room = limit - (counted === undefined ? 0 : readNumber(counted, 'total'));
  if (keys.length <= room) return new Set(keys);
  const found = await session.query('select key from series where key = any($1::text[])', [keys]);
  const existing = new Set(found.map((row) => readText(row, 'key')));
  const others = keys.filter((key) => !existing.has(key));
  return new Set([...existing, ...others.slice(0, Math.max(0, room))]);
}
