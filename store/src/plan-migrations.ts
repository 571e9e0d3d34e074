/**
 * Which migrations are to be applied. A *migration* is one SQL file, `NNNN_name.sql`, or one of two variants of it,
 * `NNNN_name.plain.sql` and `NNNN_name.timescale.sql`, of which the database's flavour takes its own.
 */
import type { Flavour } from './database.js';
import { StoreError } from './errors.js';

export interface Migration {
  number: number;
  /** File name. */
  name: string;
  sql: string;
  checksum: string;
}

export interface AppliedMigration {
  number: number;
  name: string;
  checksum: string;
}

const FILE = /^(\d{4})_[a-z0-9_]+(?:\.(plain|timescale))?\.sql$/;

/** The number of a file for this flavour, or `null` when it is for the other one. Throws on any other name. */
export function numberFor(file: string, flavour: Flavour): number | null {
  const match = FILE.exec(file);
  if (match === null) throw new Error(`${file} is not named like a migration`);
  return match[2] === undefined || match[2] === flavour ? Number(match[1]) : null;
}

/**
 * Those that are missing, in order. Throws `migration_changed` and `schema_newer` when what was applied cannot have
 * come from these files.
 */
export function planMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const byNumber = new Map(files.map((file) => [file.number, file]));
  for (const { number, name, checksum } of applied) {
    const file = byNumber.get(number);
    if (file === undefined)
      throw new StoreError(
        'schema_newer',
        `the database has migration ${name}, which this release does not know; install the newer release`,
      );
    if (file.checksum !== checksum)
      throw new StoreError(
        'migration_changed',
        `${file.name} is not what was applied as ${name}; restore the file, and write a new migration`,
      );
  }
  const done = new Set(applied.map(({ number }) => number));
  return files.filter(({ number }) => !done.has(number)).sort((a, b) => a.number - b.number);
}
