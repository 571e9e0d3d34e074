/** The store's contract on a real PostgreSQL and on the embedded database. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@pulsewire/runtime';
import { type Database, migrate, openDatabase, startPglite } from '@pulsewire/store';
import { describeStoreContract } from '@pulsewire/store/contract';
import { describeWith } from '../support/describe-with.js';
import { startPostgres } from '../support/postgres.js';
import { makeFolder } from '../support/process.js';
import { databaseIs } from './store-support.js';

describeWith('postgresql-server', 'PostgreSQL', () => {
  describeStoreContract('postgresql', async () => {
    const postgres = await startPostgres();
    const database = await openMigrated({ url: postgres.url });
    return {
      database,
      async interrupt() {
        const down = databaseIs(database, 'down');
        await postgres.kill();
        await down;
      },
      async restore() {
        await postgres.restart();
        await databaseIs(database, 'up');
      },
      async stop() {
        await database.stop();
        await postgres.stop();
      },
    };
  });
});

describeStoreContract('pglite', async () => {
  const folder = await makeFolder('pglite');
  const pglite = await startPglite({ dataDir: join(folder, 'database'), logger: silentLogger });
  const database = await openMigrated(pglite);
  return {
    database,
    async interrupt() {
      const down = databaseIs(database, 'down');
      if (pglite.pid !== null) process.kill(pglite.pid, 'SIGKILL');
      await down;
    },
    restore: () => databaseIs(database, 'up'),
    async stop() {
      await database.stop();
      await pglite.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

async function openMigrated(options: { url: string; connections?: number }): Promise<Database> {
  const { url, connections = 5 } = options;
  const database = openDatabase({ url, connections, name: 'test', logger: silentLogger });
  await database.ready;
  await migrate(database);
  return database;
}
