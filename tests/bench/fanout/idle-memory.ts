/** Resident memory that a connected client without traffic costs a server. */
import { pause } from '../../src/support/within.js';
import { readProcessUsage } from '../harness.js';
import { BENCH_KEY, type Server } from '../load/servers.js';
import type { Clients } from './stage.js';

/** Connected and gone before the measurement, so that code and caches are not charged to the clients. */
const FIRST_CLIENTS = 200;
const SETTLE_MS = 1500;
const CONNECT_TIMEOUT_MS = 60_000;

/** kB (1,000 bytes) for each of `count` clients, in a server that is started for it. */
export async function measureIdleMemory(
  clients: Clients,
  start: () => Promise<Server>,
  count: number,
): Promise<number> {
  const server = await start();
  try {
    await server.ready();
    const { pid, port, path, dialect } = server;
    const to = { port, path, dialect, key: BENCH_KEY };
    await clients.ask({ do: 'connect', ...to, count: FIRST_CLIENTS }, CONNECT_TIMEOUT_MS);
    await clients.ask({ do: 'disconnect' });
    await pause(SETTLE_MS);
    const before = readProcessUsage(pid).rssBytes;
    await clients.ask({ do: 'connect', ...to, count }, CONNECT_TIMEOUT_MS);
    await pause(SETTLE_MS);
    const after = readProcessUsage(pid).rssBytes;
    return (after - before) / 1000 / count;
  } finally {
    await clients.ask({ do: 'disconnect' });
    await server.stop();
  }
}
