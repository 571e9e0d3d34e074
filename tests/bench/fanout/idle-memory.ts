/** Resident memory that a connected client without traffic costs a server. */
import { pause } from '../../src/support/within.js';
import { readProcessUsage } from '../harness.js';
import { BENCH_KEY } from '../load/servers.js';
import type { Seat, Stage } from './stage.js';

const SETTLE_MS = 1500;
const CONNECT_TIMEOUT_MS = 60_000;

/** kB (1,000 bytes) for each of `count` clients. The server of the seat is new, but warm. */
export async function measureIdleMemory({ clients }: Stage, seat: Seat, count: number): Promise<number> {
  const { pid, port, path, dialect, ready } = seat.server;
  await ready();
  await pause(SETTLE_MS);
  const before = readProcessUsage(pid).rssBytes;
  const to = { port, path, dialect, key: BENCH_KEY, count };
  await clients.ask({ do: 'connect', ...to }, CONNECT_TIMEOUT_MS);
  await pause(SETTLE_MS);
  const after = readProcessUsage(pid).rssBytes;
  await clients.ask({ do: 'disconnect' });
  return (after - before) / 1000 / count;
}
