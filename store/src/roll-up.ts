/**
 * Roll-ups move forward in steps: a step fills the buckets from where a layer is complete up to a later time, and
 * says so, in one transaction. What comes later for those buckets is merged by whoever records it.
 */
import { isoTime } from '@pulsewire/runtime';
import { epochMs, readNumber } from './columns.js';
import type { ExclusiveSession, Queryable } from './database.js';
import { ROLL_UPS, type RollUp, rollUpOf } from './layers.js';

export interface RollUpOptions {
  /** Samples before this are expected to be recorded; those that come later still count, as late ones. */
  untilMs: number;
}

/** Longest stretch that one transaction fills, in buckets. Nothing is recorded while it lasts, and it must end in time. */
const STEP_BUCKETS = 60;

/**
 * Brings every roll-up forward; in TimescaleDB there is nothing to do. Must run in the session that records, so that
 * no sample slips in between.
 */
export async function rollUp(session: ExclusiveSession, { untilMs }: RollUpOptions): Promise<void> {
  for (const target of ROLL_UPS) {
    let more = true;
    while (more) more = await session.transaction((transaction) => step(transaction, target, untilMs));
  }
}

/** Fills one stretch of a roll-up. True when another one is left. */
async function step(session: Queryable, target: RollUp, untilMs: number): Promise<boolean> {
  const [bounds] = await session.query(
    `select ${epochMs('t.complete_until')} as from_ms, ${epochMs('b.complete_until')} as below_ms
     from layers t, layers b where t.layer = $1 and b.layer = $2`,
    [target.layer, target.from],
  );
  if (bounds === undefined) return false;
  const completeMs = readNumber(bounds, 'from_ms');
  if (completeMs === Number.POSITIVE_INFINITY) return false;
  // Raw samples have no completeness of their own: they are what the others are made from.
  const sourceEndMs = target.from === 'raw' ? untilMs : Math.min(untilMs, readNumber(bounds, 'below_ms'));
  const endMs = floorTo(sourceEndMs, target.widthMs);
  if (completeMs >= endMs) return false;
  const longestMs = STEP_BUCKETS * target.widthMs;
  // A long stretch may be an empty one.
  const firstMs =
    endMs - completeMs > longestMs ? await oldestBucketMs(session, target, completeMs) : completeMs;
  // Nothing was ever recorded, so nothing is complete.
  if (firstMs === null && !Number.isFinite(completeMs)) return false;
  const fromMs = Math.min(firstMs ?? endMs, endMs);
  const toMs = Math.min(endMs, fromMs + longestMs);
  await session.query(target.from === 'raw' ? fromRaw(target) : fromRollUp(target), [fromMs, toMs]);
  await session.query('update layers set complete_until = to_timestamp($2::float8 / 1000) where layer = $1', [
    target.layer,
    toMs,
  ]);
  return toMs < endMs;
}

/** Of what the roll-up is made from, the bucket of the oldest row that is not in it yet. */
async function oldestBucketMs(
  session: Queryable,
  { from, widthMs }: RollUp,
  completeMs: number,
): Promise<number | null> {
  const [table, time] = from === 'raw' ? ['system_metrics', 'time'] : [tableOf(from), 'bucket'];
  const [row] = await session.query(
    `select ${epochMs(`min(o.${time})`)} as oldest from series s cross join lateral
     (select ${time} from ${table} where series_id = s.id and ${time} >= $1 order by ${time} limit 1) o`,
    [Number.isFinite(completeMs) ? isoTime(completeMs) : '-infinity'],
  );
  const oldest = row?.['oldest'];
  return typeof oldest === 'number' ? floorTo(oldest, widthMs) : null;
}

function fromRaw(target: RollUp): string {
  return fillSql(
    target,
    `select date_bin('${target.width}', time, timestamptz 'epoch') as bucket, min(value) as min,
       max(value) as max, sum(value) as sum, count(*) as count, min(time) as first_at, max(time) as last_at
     from system_metrics where series_id = s.id and time >= f.since and time < f.until group by 1`,
  );
}

function fromRollUp(target: RollUp): string {
  return fillSql(
    target,
    `select date_bin('${target.width}', bucket, timestamptz 'epoch') as bucket, min(min) as min,
       max(max) as max, sum(sum) as sum, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at
     from ${tableOf(target.from)} where series_id = s.id and bucket >= f.since and bucket < f.until group by 1`,
  );
}

/** One series after the other, because that is how every layer is indexed. */
function fillSql({ table }: RollUp, buckets: string): string {
  return `insert into ${table} (series_id, bucket, min, max, sum, count, first_at, last_at)
    select s.id, x.bucket, x.min, x.max, x.sum, x.count, x.first_at, x.last_at
    from (select to_timestamp($1::float8 / 1000) as since, to_timestamp($2::float8 / 1000) as until) f
    cross join series s cross join lateral (${buckets}) x`;
}

function tableOf(from: RollUp['from']): string {
  return from === 'raw' ? 'system_metrics' : rollUpOf(from).table;
}

function floorTo(timeMs: number, widthMs: number): number {
  return Math.floor(timeMs / widthMs) * widthMs;
}
