/**
 * Ten thousand clients and ten messages a second: what the last client waits while all the others are written to. The
 * messages come without a pause from the first window to the last; then once more after a silence.
 */
import { startRedis } from '../../src/support/redis.js';
import { pause } from '../../src/support/within.js';
import { type BenchRow, median, round } from '../harness.js';
import type { ClientsAnswer, ClientsQuestion, Delays } from '../load/clients.js';
import type { PublisherAnswer, PublisherQuestion } from '../load/publisher.js';
import { BENCH_KEY, type Server } from '../load/servers.js';
import { startWorker } from '../load/worker.js';

export interface Crowd {
  row: BenchRow;
  p99Ms: number;
}

const PER_SECOND = 10;
/** One reads a message at ten thousand connections in 80 ms, longer than it takes to write it; two do so on both cores. */
const CLIENT_PROCESSES = 2;
const WINDOWS = 5;
/**
 * Longer than a client is new to the gateway, which asks it more often how far it has read: 64 KiB are read after 34 s,
 * and 800 of the ten thousand are asked in a second.
 */
const WARM_UP_MS = 48_000;
const WINDOW_MS = 4000;
/** As many messages as Linux acknowledges at once after a silence (`TCP_MAX_QUICKACKS`), at the cost of who sends them. */
const AFTER_SILENCE_MS = 1600;
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
    releases.push(publisher.stop);
    const processes = Array.from({ length: CLIENT_PROCESSES }, () =>
      startWorker<ClientsQuestion, ClientsAnswer>('clients'),
    );
    releases.push(...processes.map(({ stop }) => stop));
    const askClients = async (question: ClientsQuestion) =>
      worstOf(await Promise.all(processes.map((each) => each.ask(question, TIMEOUT_MS))));
    await publisher.ask({ redisUrl: redis.url });
    const { port, path } = server;
    const count = CROWD_CLIENTS / CLIENT_PROCESSES;
    await askClients({ do: 'connect', port, path, key: BENCH_KEY, count });
    const forMs = WARM_UP_MS + WINDOWS * WINDOW_MS;
    const publishing = publisher.ask({ perSecond: PER_SECOND, forMs }, TIMEOUT_MS);
    // Awaited below; when the windows fail before, their error is the one to tell.
    publishing.catch(() => {});
    await pause(WARM_UP_MS);
    for (let index = 0; index < WINDOWS; index += 1) {
      await askClients({ do: 'mark' });
      await pause(WINDOW_MS);
    }
    const { published } = await publishing;
    await pause(SETTLE_MS);
    const steady = await askClients({ do: 'take' });
    const again = await publisher.ask({ perSecond: PER_SECOND, forMs: AFTER_SILENCE_MS });
    await pause(SETTLE_MS);
    const afterSilence = await askClients({ do: 'take' });
    const received = steady.received + afterSilence.received;
    const p99Ms = round(median(steady.windows.map((each) => each.p99Ms)), 1);
    const row = {
      server: title,
      'msg/s': PER_SECOND,
      clients: CROWD_CLIENTS,
      'p50 ms': round(median(steady.windows.map((each) => each.p50Ms)), 1),
      'p99 ms': p99Ms,
      'max ms': round(Math.max(...steady.windows.map(({ maxMs }) => maxMs)), 1),
      'p99 ms of windows': steady.windows.map((each) => round(each.p99Ms, 0)).join(' '),
      'p99 ms after silence': round(afterSilence.p99Ms, 1),
      missing: (published + again.published) * CROWD_CLIENTS - received,
      disconnects: steady.lost + afterSilence.lost,
    };
    return { row, p99Ms };
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

/** What the processes saw: counts together, and each delay of the process that waited longer. */
function worstOf(answers: readonly ClientsAnswer[]): ClientsAnswer {
  const count = (of: (answer: ClientsAnswer) => number) => answers.reduce((sum, each) => sum + of(each), 0);
  const windows = (answers[0]?.windows ?? []).map((_, index) =>
    worstDelays(answers.flatMap((each) => each.windows[index] ?? [])),
  );
  return {
    ...worstDelays(answers),
    received: count(({ received }) => received),
    lost: count(({ lost }) => lost),
    windows,
  };
}

function worstDelays(of: readonly Delays[]): Delays {
  const worst = (delay: keyof Delays) => Math.max(...of.map((each) => each[delay]));
  return { p50Ms: worst('p50Ms'), p99Ms: worst('p99Ms'), maxMs: worst('maxMs') };
}
