/**
 * PGlite as a process of its own, on a Unix socket. Its memory is WebAssembly's, which never shrinks; and its work
 * would stop the event loop of whoever it shares a process with. Arguments: `init`, the data folder and the
 * template; or `serve`, the data folder and the socket. Ends when its parent does.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { claimFolder } from './claim-folder.js';
import { EMBEDDED_SETTINGS, READY, VERSION_FILE, WAITING } from './embedded-settings.js';
import { sayFailure } from './say-failure.js';

const [mode, dataDir, path] = process.argv.slice(2);
if (dataDir === undefined || path === undefined) throw new Error('an argument is missing');
const startParams = [
  ...PGlite.defaultStartParams,
  ...EMBEDDED_SETTINGS.flatMap((setting) => ['-c', setting]),
];
let close: () => Promise<void> = async () => {};
// From the first moment: nobody would end a process whose parent was killed while it started.
process.once('disconnect', () => void end());
process.once('SIGTERM', () => void end());
// A terminal tells its whole group; the parent says when it does not need the database any more.
process.on('SIGINT', () => {});

await claimFolder(dataDir, () => process.send?.(WAITING));
if (mode === 'init') await make(dataDir, path);
else await serve(dataDir, path);

/** Beside its place: one that is half made when its maker is killed could never be used. */
async function make(folder: string, template: string): Promise<void> {
  const making = `${folder}.making`;
  if (!existsSync(join(folder, VERSION_FILE))) {
    const db = (await unpack(template, making)) ?? (await createIn(making));
    await db.close();
    renameSync(making, folder);
  }
  process.exit(0);
}

/** `null` when there is no template, or none that this PostgreSQL can use. */
async function unpack(template: string, folder: string): Promise<PGlite | null> {
  try {
    // Unpacked here: half an archive would end the process in PGlite.
    const loadDataDir = new Blob([gunzipSync(readFileSync(template))]);
    empty(folder);
    return await PGlite.create({ dataDir: folder, startParams, loadDataDir });
  } catch {
    return null;
  }
}

function createIn(folder: string): Promise<PGlite> {
  empty(folder);
  return open(folder);
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
}

async function serve(folder: string, socket: string): Promise<void> {
  const db = await open(folder);
  endWhenBroken(db);
  const server = new PGLiteSocketServer({ db, path: socket });
  await server.start();
  close = async () => {
    await server.stop();
    await db.close();
  };
  process.send?.(READY);
}

/** Ends the process when the database cannot be opened; the last words on stderr are the reason. */
async function open(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create({ dataDir: folder, startParams });
  } catch (error) {
    // PostgreSQL is silent unless it is being debugged, and only it knows why.
    await PGlite.create({ dataDir: folder, startParams, debug: 1 }).catch(() => {});
    process.stderr.write(`${sayFailure(error)}\n`, () => process.exit(1));
    return new Promise(() => {});
  }
}

async function end(): Promise<void> {
  await close();
  process.exit(0);
}

/**
 * A statement that PostgreSQL refuses is answered. What throws has broken the machine that PostgreSQL runs on, and
 * the socket's package would never answer again: the parent starts it anew, and PostgreSQL recovers.
 */
function endWhenBroken(database: PGlite): void {
  const run = database.execProtocolRawStream.bind(database);
  database.execProtocolRawStream = async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`, () =>
        process.exit(1),
      );
      throw error;
    }
  };
}
