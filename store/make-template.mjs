// A new embedded database, packed. To make one takes PGlite 640 MB and three seconds, several instances of PostgreSQL
// in one process; to unpack one takes a third of it.
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
/** Beside the process that unpacks it. */
const TEMPLATE = path('dist/embedded/template.tar.gz');
/** What it is made by: another PGlite is another line of the lock file. */
const SOURCES = [path('../package-lock.json'), fileURLToPath(import.meta.url)];

/** Writes the template, unless that of these sources is there. */
export async function makeTemplate() {
  if (isFresh()) return;
  const db = await PGlite.create();
  // What is in the files needs no recovery when it is first opened.
  await db.exec('checkpoint');
  const packed = await db.dumpDataDir('gzip');
  await db.close();
  // Half an archive must not look like one.
  writeFileSync(`${TEMPLATE}.making`, Buffer.from(await packed.arrayBuffer()));
  renameSync(`${TEMPLATE}.making`, TEMPLATE);
}

function isFresh() {
  if (!existsSync(TEMPLATE)) return false;
  const madeMs = statSync(TEMPLATE).mtimeMs;
  return SOURCES.every((source) => statSync(source).mtimeMs < madeMs);
}
