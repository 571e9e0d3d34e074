/**
 * Removes what is older than it may get, and keeps the small facts about series up to date. Raw samples and logs go
 * by whole days (UTC).
 */
import { isoTime } from '@pulsewire/runtime';
import { epochMs, readNumber } from './columns.js';
import type { ExclusiveSession } from './database.js';
import type { Layer } from './layers.js';
import { dropDaysBefore, ensureDays, isPartitioned } from './partitions.js';

export interface Retention {
  rawDays: number;
  minutesDays: number;
  quartersDays: number;
  logDays: number;
}

const DAY_MS = 86_400_000;
/** Lets PostgreSQL use the index of a roll-up, which begins with the series. */
const EVERY_SERIES = 'series_id = any(select id from series)';
const DEAD_LETTER_DAYS = 30;
/** Fewer than what takes so long that recording would wait for it, or that the statement would be ended. */
const SLICE_ROWS = 20_000;

/** The first day whose samples are kept: epoch milliseconds of its beginning. Older samples are refused. */
export function oldestKeptMs(nowMs: number, days: number): number {
  return Math.floor((nowMs - days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** Safe to run at any time. A table that somebody reads for long is cleared the next time. */
export async function applyRetention(
  session: ExclusiveSession,
  retention: Retention,
  nowMs: number,
): Promise<void> {
  const rawMs = oldestKeptMs(nowMs, retention.rawDays);
  const minutesMs = oldestKeptMs(nowMs, retention.minutesDays);
  const quartersMs = oldestKeptMs(nowMs, retention.quartersDays);
  await markKept(session, 'raw', rawMs);
  await markKept(session, '1m', minutesMs);
  await markKept(session, '15m', quartersMs);
  if (await isPartitioned(session, 'system_metrics')) {
    await dropDaysBefore(session, 'system_metrics', dayText(await rolledUpTo(session, rawMs)));
    await deleteOld(session, 'metrics_1m', `${EVERY_SERIES} and bucket`, minutesMs);
    await deleteOld(session, 'metrics_15m', `${EVERY_SERIES} and bucket`, quartersMs);
  } else {
    await dropChunks(session, 'system_metrics', rawMs);
    await dropChunks(session, 'metrics_1m', minutesMs);
    await dropChunks(session, 'metrics_15m', quartersMs);
  }
  await dropDaysBefore(session, 'logs', dayText(oldestKeptMs(nowMs, retention.logDays)));
  await deleteOld(session, 'container_events', 'time', quartersMs);
  await deleteOld(session, 'database_status', 'time', minutesMs);
  await deleteOld(session, 'alerts', 'resolved_at', quartersMs);
  await deleteOld(session, 'containers', 'removed and last_seen', quartersMs);
  await deleteOld(session, 'dead_letters', 'time', oldestKeptMs(nowMs, DEAD_LETTER_DAYS));
  await forgetSeries(session, quartersMs);
}

/** Makes the partitions of today and tomorrow, so that no row has to wait for its own at midnight. */
export async function prepareDays(session: ExclusiveSession, nowMs: number): Promise<void> {
  const times = [isoTime(nowMs), isoTime(nowMs + DAY_MS)];
  for (const table of ['system_metrics', 'logs'] as const) await ensureDays(session, new Set(), table, times);
}

/** Sets `last_seen` of every series to its newest sample. */
export async function touchSeries(session: ExclusiveSession): Promise<void> {
  await session.query(
    `update series s set last_seen = n.time from (
       select i.id, l.time from series i cross join lateral (
         select time from system_metrics where series_id = i.id order by time desc limit 1
       ) l
     ) n where n.id = s.id and n.time > s.last_seen`,
  );
}

/** A layer is kept from where it was cleared, even when it may keep more from now on. */
async function markKept(session: ExclusiveSession, layer: Layer, fromMs: number): Promise<void> {
  await session.query(
    'update layers set kept_from = greatest(kept_from, to_timestamp($2::float8 / 1000)) where layer = $1',
    [layer, fromMs],
  );
}

/** Samples that are in no roll-up yet stay, however old they are. */
async function rolledUpTo(session: ExclusiveSession, limitMs: number): Promise<number> {
  const [row] = await session.query(
    `select ${epochMs('complete_until')} as until_ms from layers where layer = '1m'`,
  );
  return Math.min(limitMs, row === undefined ? limitMs : readNumber(row, 'until_ms'));
}

async function deleteOld(
  session: ExclusiveSession,
  table: string,
  time: string,
  beforeMs: number,
): Promise<void> {
  let deleted = SLICE_ROWS;
  while (deleted === SLICE_ROWS) {
    const [row] = await session.query(
      `with gone as (
         delete from ${table} where ctid = any(array(
           select ctid from ${table} where ${time} < to_timestamp($1::float8 / 1000) limit ${SLICE_ROWS}
         )) returning 1
       ) select count(*)::integer as deleted from gone`,
      [beforeMs],
    );
    deleted = row === undefined ? 0 : readNumber(row, 'deleted');
  }
}

/** Series that nobody has sent for so long that of their history only the days are left, and those days. */
async function forgetSeries(session: ExclusiveSession, beforeMs: number): Promise<void> {
  await session.transaction(async (transaction) => {
    const forgotten = await transaction.query(
      `select id from series s where last_seen < to_timestamp($1::float8 / 1000)
         and not exists (select 1 from system_metrics m where m.series_id = s.id) limit ${SLICE_ROWS}`,
      [beforeMs],
    );
    if (forgotten.length === 0) return;
    const ids = forgotten.map((row) => readNumber(row, 'id'));
    if (await isPartitioned(transaction, 'system_metrics'))
      await transaction.query('delete from metrics_1d where series_id = any($1::integer[])', [ids]);
    await transaction.query('delete from series where id = any($1::integer[])', [ids]);
  });
}

async function dropChunks(session: ExclusiveSession, table: string, beforeMs: number): Promise<void> {
  await session.query('select drop_chunks($1::regclass, older_than => to_timestamp($2::float8 / 1000))', [
    table,
    beforeMs,
  ]);
}

function dayText(timeMs: number): string {
  return Number.isFinite(timeMs) ? isoTime(timeMs).slice(0, 10) : '0001-01-01';
}
