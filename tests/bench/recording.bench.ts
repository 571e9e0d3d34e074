/**
 * What history costs the embedded start. First the built app with nobody looking: memory and CPU of everything
 * together, while the other servers have nothing to do. Then how long messages take to 100 clients, with the embedded
 * database recording them and without. Both servers keep their clients; short windows take turns, and each with its
 * neighbour is a pair: what the machine does for seconds meets both of a pair, and what it does once, one pair of many.
 * Must show 1.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { makeFolder } from '../src/support/process.js';
import { poll } from '../src/support/within.js';
import { alternate, type Bench, type BenchRow, median, readProcessUsage, round } from './harness.js';
import type { ClientsAnswer, ClientsQuestion } from './load/clients.js';
import { renderDelays } from './load/delays.js';
import { BENCH_KEY } from './load/servers.js';
import { startWorker, type Worker } from './load/worker.js';
import type { EmbeddedAnswer, EmbeddedQuestion } from './recording/embedded.js';
import { type IdleUsage, startIdleApp } from './recording/idle-app.js';

interface Phase {
  perSecond: number;
  forMs: number;
}

interface Measured extends ClientsAnswer {
  perSecond: number;
  missing: number;
  /** Of the server, for each message that was published, until everything was recorded. */
  cpuUs: number;
}

interface Seat {
  server: Worker<EmbeddedQuestion, EmbeddedAnswer>;
  clients: Worker<ClientsQuestion, ClientsAnswer>;
  /** Of the server and its database. */
  pids: readonly number[];
}

const CLIENTS = LIMITS.maxClients;
/** More than that the app, as it is shipped, sends to no client. */
const DEFAULT_RATE = LIMITS.messagesPerSecond;
const TOP_RATE = 1000;
/** Odd numbers of pairs: of two in the middle the median would be the lower one. Windows are longer than recording waits. */
const QUICK = { idleMs: 12_000, pairs: 7, warmUpMs: 2000, forMs: 1500, rates: [TOP_RATE] };
/** Longer than the minute between two roll-ups; and the log of the bus is full in the end. */
const FULL = { idleMs: 65_000, pairs: 15, warmUpMs: 6000, forMs: 2500, rates: [DEFAULT_RATE, TOP_RATE] };
const NOTE_EVERY = 5;
const RECORD_TIMEOUT_MS = 60_000;

export const bench: Bench = async ({ quick, note }) => {
  const { idleMs, pairs, warmUpMs, forMs, rates } = quick ? QUICK : FULL;
  const releases: (() => Promise<unknown>)[] = [];
  try {
    const folder = await makeFolder('bench');
    // Again and again: the database of a server that was killed closes first.
    releases.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    const take = async (dataDir: string | null) => {
      const seat = await takeSeat(dataDir);
      releases.push(seat.server.stop, seat.clients.stop);
      return seat;
    };
    const app = startIdleApp();
    releases.push(async () => (await app).stop());
    const seats = { with: await take(join(folder, 'database')), without: await take(null) };
    const { firstStartRssBytes, measure, stop } = await app;
    for (const seat of Object.values(seats)) await play(seat, { perSecond: TOP_RATE, forMs: warmUpMs });
    note(`the app with nobody looking, for ${idleMs / 1000} s`);
    const idle = await measure(idleMs);
    await stop();
    const results: Record<keyof typeof seats, Measured[]> = { with: [], without: [] };
    for (const perSecond of rates) {
      const playWindow = (name: keyof typeof seats) => async (index: number) => {
        const measured = await play(seats[name], { perSecond, forMs });
        if (index % NOTE_EVERY === 0)
          note(
            `pair ${index + 1} of ${pairs}, ${name} recording: p99 ${round(measured.p99Ms)} ms at ${perSecond} msg/s`,
          );
        return measured;
      };
      const windows = await alternate({ with: playWindow('with'), without: playWindow('without') }, pairs);
      results.with.push(...windows.with);
      results.without.push(...windows.without);
    }
    const loadedRssBytes = seats.with.pids.reduce((sum, pid) => sum + readProcessUsage(pid).rssBytes, 0);
    return {
      bench: 'recording',
      rows: rates.flatMap((perSecond) => [
        renderRow('with', perSecond, results.with),
        renderRow('without', perSecond, results.without),
      ]),
      figures: {
        ...Object.assign({}, ...rates.map((rate) => deriveFigures(rate, results.with, results.without))),
        ...renderIdle(idle),
        rss_mb_while_database_is_made: megabytes(firstStartRssBytes),
        rss_mb_under_load: megabytes(loadedRssBytes),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

/** A server with all its clients. */
async function takeSeat(dataDir: string | null): Promise<Seat> {
  const server = startWorker<EmbeddedQuestion, EmbeddedAnswer>('../recording/embedded');
  const clients: Seat['clients'] = startWorker('clients');
  const { port, databasePid } = await server.ask({ do: 'start', dataDir });
  await clients.ask({ do: 'connect', port, path: STREAM_PATH, key: BENCH_KEY, count: CLIENTS });
  return { server, clients, pids: databasePid === null ? [server.pid] : [server.pid, databasePid] };
}

/** Nothing is left to be recorded afterwards. */
async function play({ server, clients }: Seat, phase: Phase): Promise<Measured> {
  await clients.ask({ do: 'take' });
  const before = await server.ask({ do: 'publish', ...phase, forMs: 0 });
  const cpuBeforeMs = readProcessUsage(server.pid).cpuMs;
  const { published } = await server.ask({ do: 'publish', ...phase });
  const expected = (published - before.published) * CLIENTS;
  const allCame = async () => ((await clients.ask({ do: 'count' })).received >= expected ? true : undefined);
  // What does not come within this time is counted as missing, and fails nothing else.
  await poll(allCame, { what: 'all messages', timeoutMs: 2000 }).catch(() => false);
  const taken = await clients.ask({ do: 'take' });
  await server.ask({ do: 'record' }, RECORD_TIMEOUT_MS);
  const cpuMs = readProcessUsage(server.pid).cpuMs - cpuBeforeMs;
  return {
    ...taken,
    perSecond: phase.perSecond,
    missing: expected - taken.received,
    cpuUs: (cpuMs * 1000 * CLIENTS) / expected,
  };
}

function atRate(windows: readonly Measured[], perSecond: number): Measured[] {
  return windows.filter((measured) => measured.perSecond === perSecond);
}

function renderRow(recording: string, perSecond: number, windows: readonly Measured[]): BenchRow {
  const at = atRate(windows, perSecond);
  return {
    recording,
    'msg/s': perSecond,
    clients: CLIENTS,
    ...renderDelays(at),
    'CPU µs/msg': round(mean(at.map(({ cpuUs }) => cpuUs)), 0),
    missing: at.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function deriveFigures(
  perSecond: number,
  ours: readonly Measured[],
  bare: readonly Measured[],
): Record<string, number> {
  const [own, peer] = [atRate(ours, perSecond), atRate(bare, perSecond)];
  const ratios = own.map(({ p99Ms }, index) => p99Ms / (peer[index]?.p99Ms ?? Number.NaN));
  const suffix = perSecond === TOP_RATE ? '' : `_at_${perSecond}`;
  const [low, high] = medianBounds(ratios);
  return {
    [`p99_with_vs_without${suffix}`]: round(median(ratios)),
    [`p99_with_vs_without_low${suffix}`]: round(low),
    [`p99_with_vs_without_high${suffix}`]: round(high),
    [`cpu_with_vs_without${suffix}`]: round(
      mean(own.map(({ cpuUs }) => cpuUs)) / mean(peer.map(({ cpuUs }) => cpuUs)),
    ),
    [`p99_ms_with${suffix}`]: round(median(own.map(({ p99Ms }) => p99Ms))),
    [`missing${suffix}`]: [...own, ...peer].reduce((sum, { missing }) => sum + missing, 0),
  };
}

function renderIdle(idle: IdleUsage): Record<string, number> {
  return {
    rss_mb: megabytes(idle.rssBytes),
    idle_cpu_percent: round(idle.appCpuPercent + idle.databaseCpuPercent),
    idle_cpu_percent_database: round(idle.databaseCpuPercent),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Between them the true median is in 19 of 20 runs: the number of values below it is binomial. */
function medianBounds(values: readonly number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const outside = Math.max(0, Math.floor((values.length - 1.96 * Math.sqrt(values.length)) / 2));
  return [sorted[outside] ?? Number.NaN, sorted.at(-1 - outside) ?? Number.NaN];
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6, 1);
}
