/** Ten thousand clients and ten messages a second: what the last client waits while all the others are written to. */
import { startRedis } from '../../src/support/redis.js';
import { pause } from '../../src/support/within.js';
import { type BenchRow, median, round } from '../harness.js';
import type { ClientsAnswer, ClientsQuestion } from '../load/clients.js';
import type { PublisherAnswer, PublisherQuestion } from '../load/publisher.js';
import { BENCH_KEY, type Server } from '../load/servers.js';
import { startWorker } from '../load/worker.js';

export interface Crowd {
  row: BenchRow;
  p99Ms: number;
}

const PER_SECOND = 10;
const ROUNDS = 5;
const WARM_UP_MS = 3000;
const ROUND_MS = 4000;
const SETTLE_MS = 1500;
const TIMEOUT_MS = 120_000;

export const CROWD_CLIENTS = 10_000;

/** Rejects when the server cannot be had. */
export async function measureCrowd(
  title: string,
  start: (redisUrl: string) => Promise<Server>,
): Promise<Crowd> {
  const releases: (() => unknown)[] = [];
  try {
    const redis = await startRedis();
    releases.push(redis.stop);
    const server = await start(redis.url);
    releases.push(server.stop);
    const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
    const clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
    releases.push(publisher.stop, clients.stop);
    await publisher.ask({ redisUrl: redis.url });
    const { port, path } = server;
    await clients.ask({ do: 'connect', port, path, key: BENCH_KEY, count: CROWD_CLIENTS }, TIMEOUT_MS);
    const rounds: (ClientsAnswer & { missing: number })[] = [];
    for (let index = 0; index <= ROUNDS; index += 1) {
      const forMs = index === 0 ? WARM_UP_MS : ROUND_MS;
      const { published } = await publisher.ask({ perSecond: PER_SECOND, forMs });
      await pause(SETTLE_MS);
      const taken = await clients.ask({ do: 'take' }, TIMEOUT_MS);
      if (index > 0) rounds.push({ ...taken, missing: published * CROWD_CLIENTS - taken.received });
    }
    const p99Ms = round(median(rounds.map((each) => each.p99Ms)), 1);
    const row = {
      server: title,
      'msg/s': PER_SECOND,
      clients: CROWD_CLIENTS,
      'p50 ms': round(median(rounds.map((each) => each.p50Ms)), 1),
      'p99 ms': p99Ms,
      'max ms': round(Math.max(...rounds.map(({ maxMs }) => maxMs)), 1),
      missing: rounds.reduce((sum, { missing }) => sum + missing, 0),
      disconnects: rounds.reduce((sum, { lost }) => sum + lost, 0),
    };
    return { row, p99Ms };
  } finally {
    for (const release of releases.reverse()) await release();
  }
}
