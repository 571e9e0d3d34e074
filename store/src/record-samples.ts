/**
 * Samples in one statement. Only time, series and value travel; type and meta are taken from the series, where they
 * already are what PostgreSQL stores. Samples with a meta of their own bring it.
 */
import type { Queryable } from './database.js';
import { recordLateSamples } from './record-late-samples.js';
import { recordSeries, type SeriesRegistry } from './record-series.js';
import { seriesKeyOf } from './series-key.js';
import type { SeriesIdentity } from './subjects.js';

export interface Sample extends SeriesIdentity {
  /** ISO 8601 UTC, as it came: PostgreSQL keeps its microseconds. */
  time: string;
  value: number;
  unit: string | null;
  /** JSON of `meta`. */
  meta: string;
}

/** Arrays as PostgreSQL reads them. */
export interface SampleColumns {
  times: string;
  ids: string;
  values: string;
  /** Texts, or `null` when no sample has a meta of its own. */
  metas: (string | null)[] | null;
}

export interface PreparedSamples {
  columns: SampleColumns;
  /** Of series beyond the number that the store keeps. */
  refused: readonly Sample[];
}

/** Outer joins: a series that somebody removed must not take its samples with it unseen, and a row without type is refused. */
const INSERT = `insert into system_metrics (time, type, value, meta, series_id)
  select x.time, s.metric_type, x.value, s.meta, s.id
  from unnest($1::timestamptz[], $2::integer[], $3::float8[]) as x(time, id, value)
  left join series s on s.id = x.id`;
const INSERT_WITH_META = `insert into system_metrics (time, type, value, meta, series_id)
  select x.time, s.metric_type, x.value, coalesce(x.meta, s.meta), s.id
  from unnest($1::timestamptz[], $2::integer[], $3::float8[], $4::jsonb[]) as x(time, id, value, meta)
  left join series s on s.id = x.id`;

/** Must run before the transaction that records them: ids that were rolled back must not be remembered. */
export async function prepareSamples(
  session: Queryable,
  registry: SeriesRegistry,
  samples: readonly Sample[],
  maxSeries: number,
): Promise<PreparedSamples> {
  const keys = samples.map(seriesKeyOf);
  const unknown = samples.filter((_sample, i) => registry.get(keys[i] ?? '') === undefined);
  if (unknown.length > 0)
    await recordSeries(
      session,
      registry,
      unknown.map((sample) => ({
        identity: sample,
        unit: sample.unit,
        meta: sample.meta,
        time: sample.time,
      })),
      maxSeries,
    );
  const ids: number[] = [];
  const metas: (string | null)[] = [];
  const refused: Sample[] = [];
  const taken: Sample[] = [];
  samples.forEach((sample, i) => {
    const series = registry.get(keys[i] ?? '');
    if (series === undefined) {
      refused.push(sample);
      return;
    }
    taken.push(sample);
    ids.push(series.id);
    metas.push(series.meta === sample.meta ? null : sample.meta);
  });
  const columns = {
    times: `{${taken.map(({ time }) => time).join(',')}}`,
    ids: `{${ids.join(',')}}`,
    values: `{${taken.map(({ value }) => value).join(',')}}`,
    metas: metas.some((meta) => meta !== null) ? metas : null,
  };
  return { columns, refused };
}

export async function recordSamples(session: Queryable, columns: SampleColumns): Promise<void> {
  const { times, ids, values, metas } = columns;
  if (ids === '{}') return;
  if (metas === null) await session.query(INSERT, [times, ids, values]);
  else await session.query(INSERT_WITH_META, [times, ids, values, metas]);
  await recordLateSamples(session, columns);
}
