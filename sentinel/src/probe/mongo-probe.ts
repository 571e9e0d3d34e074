/** MongoDB through its driver: `ping` and `dbStats` of the database that the URL names, or else of all but its own. */
import type { Document } from 'mongodb';
import type { DatabaseFigures, OpenDatabase } from './database-probe.js';
import { PROBE_CLIENT_NAME } from './database-probe.js';

const INTERNAL_DATABASES = ['admin', 'config', 'local'];
/** `/app` of `mongodb://user@a,b/app?x=y`. */
const NAMED_DATABASE = /^[^:]+:\/\/[^/?]*\/([^?]+)/;

export const openMongo: OpenDatabase = async (url, { onLost, signal, timeoutMs }) => {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(url, {
    appName: PROBE_CLIENT_NAME,
    maxPoolSize: 1,
    minPoolSize: 0,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    // One connection that watches each server instead of two.
    serverMonitoringMode: 'poll',
    retryReads: false,
  });
  const close = () => {
    client.removeAllListeners();
    client.close(true).catch(() => {});
  };
  signal.addEventListener('abort', close, { once: true });
  await client.connect();
  const admin = client.db('admin');
  // Authentication and server selection happen with the first command.
  await admin.command({ ping: 1 });
  client.once('connectionPoolCleared', onLost);
  return {
    ping: () => admin.command({ ping: 1 }),
    async figures() {
      const named = NAMED_DATABASE.exec(url)?.[1];
      const names = named === undefined ? await listDatabases() : [decodeURIComponent(named)];
      const stats: Document[] = [];
      for (const name of names)
        stats.push(await client.db(name).command({ dbStats: 1, maxTimeMS: timeoutMs }));
      return deriveMongoFigures(stats);
    },
    close,
  };

  async function listDatabases(): Promise<string[]> {
    const command = { listDatabases: 1, nameOnly: true, authorizedDatabases: true, maxTimeMS: timeoutMs };
    const { databases } = await admin.command(command);
    const names = (Array.isArray(databases) ? databases : []).map(({ name }: Document) => String(name));
    return names.filter((name) => !INTERNAL_DATABASES.includes(name));
  }
};

/** Sums over databases. */
export function deriveMongoFigures(stats: readonly Document[]): DatabaseFigures {
  const sum = (field: string) =>
    stats.reduce((total, answer) => total + Math.max(0, Number(answer[field]) || 0), 0);
  return { collections: sum('collections'), storage_bytes: sum('storageSize') };
}
