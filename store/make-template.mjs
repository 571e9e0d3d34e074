// A new embedded database, packed. To make one takes PGlite 640 MB and three seconds, several instances of PostgreSQL
// in one process; to unpack one takes a third of it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
/** Beside the process that unpacks it. */
const TEMPLATE = path('dist/embedded/template.tar.gz');
/** What it is made by: another PGlite is another line of the lock file. */
const SOURCES = [path('../package-lock.json'), fileURLToPath(import.meta.url)];

/** Writes the template, unless that of these sources is there. */
export async function makeTemplate() {
  if (isMadeBy(TEMPLATE, SOURCES)) return;
  const db = await PGlite.create();
  // What is in the files needs no recovery when it is first opened.
  await db.exec('checkpoint');
  const packed = await db.dumpDataDir('gzip');
  await db.close();
  // Half an archive must not look like one.
  writeFileSync(`${TEMPLATE}.making`, Buffer.from(await packed.arrayBuffer()));
  renameSync(`${TEMPLATE}.making`, TEMPLATE);
  noteMakers(TEMPLATE, SOURCES);
}

/** By their content: an unpacked release is older than the template that the release before it made later. */
export function isMadeBy(template, sources) {
  const note = noteOf(template);
  return existsSync(template) && existsSync(note) && readFileSync(note, 'utf8') === digest(sources);
}

export function noteMakers(template, sources) {
  writeFileSync(noteOf(template), digest(sources));
}

function noteOf(template) {
  return `${template}.made-by`;
}

function digest(sources) {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  return hash.digest('hex');
}
