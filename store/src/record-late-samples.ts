/**
 * Samples of a time that a roll-up has already passed are merged into its bucket at once, in the transaction that
 * records them; so a roll-up is right without its raw samples, which may be gone by then. In TimescaleDB the layers
 * are views that look after themselves, and `layers` says that they are always complete.
 */
import type { Queryable } from './database.js';
import { ROLL_UPS, type RollUp } from './layers.js';
import type { SampleColumns } from './record-samples.js';

export async function recordLateSamples(session: Queryable, columns: SampleColumns): Promise<void> {
  const { times, ids, values } = columns;
  const late = await session.query(
    `select l.layer from layers l where l.layer <> 'raw' and isfinite(l.complete_until)
     and l.complete_until > (select min(time) from unnest($1::timestamptz[]) as x(time))`,
    [times],
  );
  for (const rollUp of ROLL_UPS)
    if (late.some((row) => row['layer'] === rollUp.layer))
      await session.query(mergeSql(rollUp), [times, ids, values]);
}

function mergeSql({ layer, table, width }: RollUp): string {
  return `insert into ${table} as t (series_id, bucket, min, max, sum, count, first_at, last_at)
    select x.id, date_bin('${width}', x.time, timestamptz 'epoch'), min(x.value), max(x.value), sum(x.value),
      count(*), min(x.time), max(x.time)
    from unnest($1::timestamptz[], $2::integer[], $3::float8[]) as x(time, id, value)
    where x.time < (select complete_until from layers where layer = '${layer}')
    group by 1, 2
    on conflict (series_id, bucket) do update set
      min = least(t.min, excluded.min), max = greatest(t.max, excluded.max), sum = t.sum + excluded.sum,
      count = t.count + excluded.count, first_at = least(t.first_at, excluded.first_at),
      last_at = greatest(t.last_at, excluded.last_at)`;
}
