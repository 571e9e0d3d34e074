/** Brings the database to what the code needs. Safe to run twice, and from several processes at once. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNumber, readText } from './columns.js';
import type { Database, Flavour, Queryable } from './database.js';
import { StoreError } from './errors.js';
import { type AppliedMigration, type Migration, numberFor, planMigrations } from './plan-migrations.js';

export interface MigrateResult {
  flavour: Flavour;
  /** Names of the files that were applied now. */
  applied: readonly string[];
}

const FOLDER = fileURLToPath(new URL('../migrations/', import.meta.url));
/** Of all locks of this program; held until the transaction ends. */
const LOCK = "select pg_advisory_xact_lock(20567, hashtext('migrations'))";
const TABLE = `create table if not exists pulsewire_migrations (
  number integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Applies the missing migrations, each in a transaction of its own. Rejects with `migration_failed` (the file's
 * name, and the server's answer as cause), `migration_changed`, `schema_newer`, or `database_unavailable`.
 */
export async function migrate(database: Database, folder: string = FOLDER): Promise<MigrateResult> {
  const flavour = await detectFlavour(database);
  const files = await readMigrations(folder, flavour);
  const applied: string[] = [];
  for (;;) {
    const name = await database.transaction((session) => applyNext(session, files));
    if (name === null) return { flavour, applied };
    applied.push(name);
  }
}

/** `timescale` when its extension is installed in this database. */
export async function detectFlavour(session: Queryable): Promise<Flavour> {
  const rows = await session.query("select 1 as found from pg_extension where extname = 'timescaledb'");
  return rows.length === 0 ? 'plain' : 'timescale';
}

async function readMigrations(folder: string, flavour: Flavour): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const files: Migration[] = [];
  for (const name of names) {
    const number = numberFor(name, flavour);
    if (number === null) continue;
    const sql = await readFile(join(folder, name), 'utf8');
    // Line ends are the checkout's business.
    const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
    files.push({ number, name, sql, checksum });
  }
  return files;
}

async function applyNext(session: Queryable, files: readonly Migration[]): Promise<string | null> {
  await session.query(LOCK);
  await session.query(TABLE);
  const rows = await session.query('select number, name, checksum from pulsewire_migrations');
  const [next] = planMigrations(files, rows.map(readApplied));
  if (next === undefined) return null;
  try {
    await session.query(next.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('migration_failed', `${next.name}: ${reason}`, { cause: error });
  }
  await session.query('insert into pulsewire_migrations (number, name, checksum) values ($1, $2, $3)', [
    next.number,
    next.name,
    next.checksum,
  ]);
  return next.name;
}

function readApplied(row: Readonly<Record<string, unknown>>): AppliedMigration {
  return {
    number: readNumber(row, 'number'),
    name: readText(row, 'name'),
    checksum: readText(row, 'checksum'),
  };
}
