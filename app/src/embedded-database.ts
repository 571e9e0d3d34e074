/** The embedded database of the data folder. */
import { join } from 'node:path';
import { type Logger, systemClock } from '@pulsewire/runtime';
import { type Database, openDatabase, startPglite } from '@pulsewire/store';
import { deferDatabase } from './deferred-database.js';

export interface EmbeddedDatabaseOptions {
  dataDir: string;
  /** The process's name. */
  name: string;
  logger: Logger;
}

const DATABASE_FOLDER = 'database';

/** Returns at once; the database is down until its process has started. */
export function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Database {
  return deferDatabase({
    logger: options.logger,
    clock: systemClock,
    open: (signal) => open(options, signal),
  });
}

async function open(
  { dataDir, name, logger }: EmbeddedDatabaseOptions,
  signal: AbortSignal,
): Promise<Database> {
  const pglite = await startPglite({ dataDir: join(dataDir, DATABASE_FOLDER), logger, signal });
  const { url, connections } = pglite;
  const database = openDatabase({ url, connections, name, logger });
  return {
    get state() {
      return database.state;
    },
    ready: database.ready,
    onState: database.onState,
    query: database.query,
    transaction: database.transaction,
    exclusive: database.exclusive,
    async stop() {
      await database.stop();
      await pglite.stop();
    },
  };
}
