/**
 * Whether the gateway stays as it is: half an hour (45 s with `--quick`) of 200 messages a second to 80 clients that
 * stay and 20 that come and go. Memory, open resources and the event loop's delay are read all the while; what
 * happens in the first third is warming up.
 */
import { startRedis } from '../src/support/redis.js';
import { pause } from '../src/support/within.js';
import { type Bench, type BenchRow, median, round } from './harness.js';
import type { ClientsAnswer, ClientsQuestion } from './load/clients.js';
import type { PublisherAnswer, PublisherQuestion } from './load/publisher.js';
import { BENCH_KEY, type Server, startGateway } from './load/servers.js';
import { startWorker, type Worker } from './load/worker.js';
import { readState } from './soak/reading.js';
import { medianAtEnds, type Reading, slopePerHour } from './soak/series.js';

type Clients = Worker<ClientsQuestion, ClientsAnswer>;

const STAYING = 80;
const COMING_AND_GOING = 20;
const MESSAGES_PER_SECOND = 200;
const STAY_MS = 2000;
const FULL = { forMs: 30 * 60_000, readEveryMs: 10_000 };
const QUICK = { forMs: 40_000, readEveryMs: 1000 };
const WARM_UP_SHARE = 1 / 3;
const END_SHARE = 1 / 4;
const PHASE_MS = 5000;

export const bench: Bench = async ({ quick, note }) => {
  const { forMs, readEveryMs } = quick ? QUICK : FULL;
  const releases: (() => unknown)[] = [];
  try {
    const redis = await startRedis();
    releases.push(redis.stop);
    const server = await startGateway(redis.url);
    releases.push(server.stop);
    const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
    const staying: Clients = startWorker('clients');
    const passing: Clients = startWorker('clients');
    releases.push(publisher.stop, staying.stop, passing.stop);
    await publisher.ask({ redisUrl: redis.url });
    const to = { port: server.port, path: server.path, key: BENCH_KEY };
    await staying.ask({ do: 'connect', ...to, count: STAYING });
    await staying.ask({ do: 'take' });
    const endMs = performance.now() + forMs;
    const isOver = () => performance.now() >= endMs;
    const [published, visits, readings] = await Promise.all([
      publishUntil(publisher, isOver),
      comeAndGoUntil(passing, () => passing.ask({ do: 'connect', ...to, count: COMING_AND_GOING }), isOver),
      readUntil(server, readEveryMs, isOver, note),
    ]);
    const { received, lost, p99Ms } = await staying.ask({ do: 'take' });
    const steady = readings.slice(Math.floor(readings.length * WARM_UP_SHARE));
    return {
      bench: 'soak',
      rows: steady.filter((_, index) => index % Math.ceil(steady.length / 12) === 0).map(renderRow),
      figures: {
        minutes: round(forMs / 60_000, 1),
        visits,
        missing: published * STAYING - received,
        disconnects: lost,
        p99_ms: round(p99Ms),
        rss_mb: round(median(steady.map(({ rssBytes }) => rssBytes)) / 1e6, 1),
        rss_slope_mb_per_hour: round(slopePerHour(steady, ({ rssBytes }) => rssBytes) / 1e6, 1),
        ...atEnds('resources', steady, ({ resources }) => resources),
        ...atEnds('open_files', steady, ({ openFiles }) => openFiles),
        ...atEnds('loop_delay_p99_ms', steady, ({ loopDelayP99Ms }) => loopDelayP99Ms),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

async function publishUntil(
  publisher: Worker<PublisherQuestion, PublisherAnswer>,
  isOver: () => boolean,
): Promise<number> {
  let published = 0;
  while (!isOver()) {
    const answer = await publisher.ask({ perSecond: MESSAGES_PER_SECOND, forMs: PHASE_MS });
    published += answer.published;
  }
  await pause(STAY_MS);
  return published;
}

/** Returns how many clients came. */
async function comeAndGoUntil(
  clients: Clients,
  come: () => Promise<unknown>,
  isOver: () => boolean,
): Promise<number> {
  let visits = 0;
  while (!isOver()) {
    await come();
    visits += COMING_AND_GOING;
    await pause(STAY_MS);
    await clients.ask({ do: 'disconnect' });
    await clients.ask({ do: 'take' });
  }
  return visits;
}

async function readUntil(
  server: Server,
  everyMs: number,
  isOver: () => boolean,
  note: (line: string) => void,
): Promise<Reading[]> {
  const startedMs = performance.now();
  const readings: Reading[] = [];
  while (!isOver()) {
    await pause(everyMs);
    const reading = await readState(server, startedMs);
    readings.push(reading);
    if (readings.length % 18 === 0) note(JSON.stringify(renderRow(reading)));
  }
  return readings;
}

function renderRow({ atMs, rssBytes, resources, openFiles, loopDelayP99Ms }: Reading): BenchRow {
  return {
    'at min': round(atMs / 60_000, 1),
    'rss MB': round(rssBytes / 1e6, 1),
    resources,
    'open files': openFiles,
    'event loop delay p99 ms': round(loopDelayP99Ms, 1),
  };
}

function atEnds(
  name: string,
  readings: readonly Reading[],
  pick: (reading: Reading) => number,
): Record<string, number> {
  const [first, last] = medianAtEnds(readings, END_SHARE, pick);
  return { [`${name}_first`]: round(first, 1), [`${name}_last`]: round(last, 1) };
}
