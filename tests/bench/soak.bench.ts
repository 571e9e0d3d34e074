/**
 * Whether the gateway stays as it is: half an hour (40 s with `--quick`) of 200 messages a second to 80 clients that
 * stay and 20 that come and go, with each engine that is installed, side by side on one Redis. Memory, open resources,
 * the event loop's delay and what the clients see are read all the while; what happens in the first third is warming
 * up. Must show 4.
 */
import type { EngineName } from '../src/chaos/gateway-process.js';
import { startRedis } from '../src/support/redis.js';
import { pause } from '../src/support/within.js';
import { type Bench, type BenchRow, round } from './harness.js';
import type { PublisherAnswer, PublisherQuestion } from './load/publisher.js';
import { startWorker, type Worker } from './load/worker.js';
import { extremesOfQuarters, medianAtEnds, type Reading, slopePerHour } from './soak/series.js';
import { type Soaked, STAYING, type Stand, startStand } from './soak/stand.js';

const ENGINES: readonly EngineName[] = ['ws', 'uws'];
const MESSAGES_PER_SECOND = 200;
const FULL = { forMs: 30 * 60_000, readEveryMs: 10_000 };
const QUICK = { forMs: 40_000, readEveryMs: 1000 };
const WARM_UP_SHARE = 1 / 3;
const END_SHARE = 1 / 4;
const PHASE_MS = 5000;
const SETTLE_MS = 2000;
const ROWS = 8;
const READINGS_A_NOTE = 18;

export const bench: Bench = async ({ quick, note }) => {
  const { forMs, readEveryMs } = quick ? QUICK : FULL;
  const releases: (() => unknown)[] = [];
  try {
    const redis = await startRedis();
    releases.push(redis.stop);
    const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
    releases.push(publisher.stop);
    await publisher.ask({ redisUrl: redis.url });
    const stands = new Map<EngineName, Stand>();
    for (const engine of ENGINES) {
      const stand = await startStand(redis.url, engine).catch((error: unknown) => {
        note(`${engine}: not measured (${error instanceof Error ? error.message : error})`);
      });
      if (!stand) continue;
      releases.push(stand.stop);
      stands.set(engine, stand);
    }
    const endMs = performance.now() + forMs;
    const isOver = () => performance.now() >= endMs;
    const soaking = [...stands].map(async ([engine, stand]) => {
      let count = 0;
      const onReading = (reading: Reading) => {
        count += 1;
        if (count % READINGS_A_NOTE === 0) note(JSON.stringify(renderRow(engine, reading)));
      };
      return [engine, await stand.soak({ readEveryMs, isOver, onReading })] as const;
    });
    const [published, soaked] = await Promise.all([publishUntil(publisher, isOver), Promise.all(soaking)]);
    await pause(SETTLE_MS);
    const figures: Record<string, number> = { minutes: round(forMs / 60_000, 1) };
    for (const [engine, each] of soaked) {
      const received = (await stands.get(engine)?.received()) ?? 0;
      for (const [name, value] of Object.entries(deriveFigures(each, published * STAYING - received)))
        figures[`${name}_${engine}`] = value;
    }
    return { bench: 'soak', rows: soaked.flatMap(([engine, each]) => renderRows(engine, each)), figures };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

/** Returns how many were published. */
async function publishUntil(
  publisher: Worker<PublisherQuestion, PublisherAnswer>,
  isOver: () => boolean,
): Promise<number> {
  let published = 0;
  while (!isOver()) {
    const answer = await publisher.ask({ perSecond: MESSAGES_PER_SECOND, forMs: PHASE_MS });
    published += answer.published;
  }
  return published;
}

function deriveFigures({ readings, visits, disconnects }: Soaked, missing: number): Record<string, number> {
  const steady = steadyOf(readings);
  return {
    visits,
    missing,
    disconnects,
    ...atEnds('rss_mb', steady, ({ rssBytes }) => rssBytes / 1e6),
    rss_slope_mb_per_hour: round(slopePerHour(steady, ({ rssBytes }) => rssBytes) / 1e6, 1),
    ...ofQuarters('rss_mb', steady, ({ rssBytes }) => rssBytes / 1e6),
    ...atEnds('heap_mb', steady, ({ heapUsedBytes }) => heapUsedBytes / 1e6),
    ...ofQuarters('heap_mb', steady, ({ heapUsedBytes }) => heapUsedBytes / 1e6),
    ...atEnds('resources', steady, ({ resources }) => resources),
    ...atEnds('open_files', steady, ({ openFiles }) => openFiles),
    ...atEnds('loop_delay_p99_ms', steady, ({ loopDelayP99Ms }) => loopDelayP99Ms),
    ...atEnds('p99_ms', steady, ({ p99Ms }) => p99Ms),
  };
}

/** What remains when the warming up is left out. */
function steadyOf(readings: readonly Reading[]): readonly Reading[] {
  return readings.slice(Math.floor(readings.length * WARM_UP_SHARE));
}

function renderRows(engine: EngineName, { readings }: Soaked): BenchRow[] {
  const steady = steadyOf(readings);
  const every = Math.ceil(steady.length / ROWS);
  return steady.filter((_, index) => index % every === 0).map((reading) => renderRow(engine, reading));
}

function renderRow(engine: EngineName, reading: Reading): BenchRow {
  return {
    engine,
    'at min': round(reading.atMs / 60_000, 1),
    'rss MB': round(reading.rssBytes / 1e6, 1),
    'heap MB': round(reading.heapUsedBytes / 1e6, 1),
    resources: reading.resources,
    'open files': reading.openFiles,
    'loop delay p99 ms': round(reading.loopDelayP99Ms, 1),
    'p99 ms': round(reading.p99Ms),
  };
}

function ofQuarters(
  name: string,
  readings: readonly Reading[],
  pick: (reading: Reading) => number,
): Record<string, number> {
  const entries = extremesOfQuarters(readings, pick).flatMap(({ least, greatest }, index) => [
    [`${name}_least_q${index + 1}`, round(least, 1)],
    [`${name}_greatest_q${index + 1}`, round(greatest, 1)],
  ]);
  return Object.fromEntries(entries);
}

function atEnds(
  name: string,
  readings: readonly Reading[],
  pick: (reading: Reading) => number,
): Record<string, number> {
  const [first, last] = medianAtEnds(readings, END_SHARE, pick);
  return { [`${name}_first`]: round(first, 1), [`${name}_last`]: round(last, 1) };
}
