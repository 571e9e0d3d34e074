/**
 * PGlite as a process of its own, on a Unix socket. Its memory is WebAssembly's, which never shrinks; and its work
 * would stop the event loop of whoever it shares a process with. Arguments: `init` or `serve`, the data folder,
 * the socket. Ends when its parent does.
 */
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { EMBEDDED_SETTINGS, READY } from './embedded-settings.js';

const [mode, dataDir, path] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('no data folder was named');
const startParams = [
  ...PGlite.defaultStartParams,
  ...EMBEDDED_SETTINGS.flatMap((setting) => ['-c', setting]),
];

const db = await PGlite.create({ dataDir, startParams });
if (mode === 'serve' && path !== undefined) {
  const server = new PGLiteSocketServer({ db, path });
  await server.start();
  process.once('disconnect', () => void end(server));
  process.once('SIGTERM', () => void end(server));
  // A terminal tells its whole group; the parent says when it does not need the database any more.
  process.on('SIGINT', () => {});
  process.send?.(READY);
} else {
  await db.close();
  process.disconnect?.();
}

async function end(server: PGLiteSocketServer): Promise<void> {
  await server.stop();
  await db.close();
  process.exit(0);
}
