/** Partitions of one day (UTC): made before a row needs them, dropped whole. Their names end in the day. */
import { readText } from './columns.js';
import type { ExclusiveSession, Queryable } from './database.js';

export type PartitionedTable = 'system_metrics' | 'logs';

const DAY_MS = 86_400_000;

/** The day of an ISO 8601 time, as in `2026-01-17`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** Makes the partitions of the days of `times`. `known` remembers those that exist. */
export async function ensureDays(
  session: ExclusiveSession,
  known: Set<string>,
  table: PartitionedTable,
  times: readonly string[],
): Promise<void> {
  const missing = new Set<string>();
  for (const time of times) if (!known.has(`${table} ${dayOf(time)}`)) missing.add(dayOf(time));
  if (missing.size === 0) return;
  if (await isPartitioned(session, table))
    for (const day of missing) await session.transaction((transaction) => makeDay(transaction, table, day));
  for (const day of missing) known.add(`${table} ${day}`);
}

/** Drops the partitions of days before `day`. Gives way to readers: what is read for long is dropped next time. */
export async function dropDaysBefore(
  session: ExclusiveSession,
  table: PartitionedTable,
  day: string,
): Promise<readonly string[]> {
  const names = await listPartitions(session, table);
  const old = names.filter((name) => name < nameOf(table, day));
  for (const name of old)
    await session.transaction(async (transaction) => {
      await transaction.query("set local lock_timeout = '2s'");
      await transaction.query(`drop table if exists ${name}`);
    });
  return old;
}

export async function isPartitioned(session: Queryable, table: PartitionedTable): Promise<boolean> {
  const rows = await session.query(
    "select 1 as found from pg_class where oid = to_regclass($1) and relkind = 'p'",
    [table],
  );
  return rows.length > 0;
}

/** Attached rather than made in place, which would wait for every reader of the table, and stop all new ones. */
async function makeDay(session: Queryable, table: PartitionedTable, day: string): Promise<void> {
  const name = nameOf(table, day);
  const found = await session.query('select to_regclass($1) as name', [name]);
  if (found[0]?.['name'] !== null) return;
  const next = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  await session.query(`create table ${name} (like ${table} including defaults including indexes)`);
  await session.query(
    `alter table ${table} attach partition ${name} for values from ('${day} 00:00:00Z') to ('${next} 00:00:00Z')`,
  );
}

async function listPartitions(session: Queryable, table: PartitionedTable): Promise<string[]> {
  const rows = await session.query(
    'select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass($1)',
    [table],
  );
  return rows.map((row) => readText(row, 'name')).sort();
}

function nameOf(table: PartitionedTable, day: string): string {
  return `${table}_${day.replaceAll('-', '')}`;
}
