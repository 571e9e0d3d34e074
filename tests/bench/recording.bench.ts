/**
 * What history costs the embedded start. First the built app with nobody looking: memory and CPU of everything
 * together, while the other servers have nothing to do. Then how long messages take to 100 clients, with the embedded
 * database recording them and without, in turn. Must show 1.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { makeFolder } from '../src/support/process.js';
import { poll } from '../src/support/within.js';
import { alternate, type Bench, type BenchRow, median, readProcessUsage, round } from './harness.js';
import type { ClientsAnswer, ClientsQuestion } from './load/clients.js';
import { BENCH_KEY } from './load/servers.js';
import { startWorker, type Worker } from './load/worker.js';
import type { EmbeddedAnswer, EmbeddedQuestion } from './recording/embedded.js';
import { type IdleUsage, startIdleApp } from './recording/idle-app.js';

interface Measured extends ClientsAnswer {
  missing: number;
}

interface Seat {
  server: Worker<EmbeddedQuestion, EmbeddedAnswer>;
  port: number;
  /** Of the server and its database. */
  pids: readonly number[];
}

type Clients = Worker<ClientsQuestion, ClientsAnswer>;

const CLIENTS = LIMITS.maxClients;
const PER_SECOND = 1000;
const WARM_UP_MS = 300;
const QUICK = { idleMs: 20_000, rounds: 4, firstWarmUpMs: 3500, forMs: 1500 };
/** Longer than the minute between two roll-ups; and the log of the bus is full in the end. */
const FULL = { idleMs: 130_000, rounds: 9, firstWarmUpMs: 8000, forMs: 8000 };
const RECORD_TIMEOUT_MS = 60_000;

export const bench: Bench = async ({ quick, note }) => {
  const { idleMs, rounds, firstWarmUpMs, forMs } = quick ? QUICK : FULL;
  const releases: (() => Promise<unknown>)[] = [];
  try {
    const clients: Clients = startWorker('clients');
    releases.push(clients.stop);
    const folder = await makeFolder('bench');
    releases.push(() => rm(folder, { recursive: true, force: true }));
    const take = async (dataDir: string | null) => {
      const seat = await takeSeat(dataDir);
      releases.push(seat.server.stop);
      return seat;
    };
    const app = startIdleApp();
    releases.push(async () => (await app).stop());
    const seats = { with: await take(join(folder, 'database')), without: await take(null) };
    const { firstStartRssBytes, measure, stop } = await app;
    for (const seat of Object.values(seats)) await play(clients, seat, [firstWarmUpMs]);
    note(`the app with nobody looking, for ${idleMs / 1000} s`);
    const idle = await measure(idleMs);
    await stop();
    const playRound = (name: keyof typeof seats) => async (index: number) => {
      const measured = await play(clients, seats[name], [WARM_UP_MS, forMs]);
      note(`round ${index + 1} of ${rounds}, ${name} recording: p99 ${round(measured.p99Ms)} ms`);
      return measured;
    };
    const results = await alternate({ with: playRound('with'), without: playRound('without') }, rounds);
    const loadedRssBytes = seats.with.pids.reduce((sum, pid) => sum + readProcessUsage(pid).rssBytes, 0);
    return {
      bench: 'recording',
      rows: [renderRow('with', results.with), renderRow('without', results.without)],
      figures: {
        ...deriveFigures(results.with, results.without),
        ...renderIdle(idle),
        rss_mb_while_database_is_made: megabytes(firstStartRssBytes),
        rss_mb_under_load: megabytes(loadedRssBytes),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

async function takeSeat(dataDir: string | null): Promise<Seat> {
  const server = startWorker<EmbeddedQuestion, EmbeddedAnswer>('../recording/embedded');
  const { port, databasePid } = await server.ask({ do: 'start', dataDir });
  return { server, port, pids: databasePid === null ? [server.pid] : [server.pid, databasePid] };
}

/** Plays the phases with all clients connected, and measures the last one. Nothing is left to be recorded then. */
async function play(clients: Clients, { server, port }: Seat, phasesMs: number[]): Promise<Measured> {
  await clients.ask({ do: 'connect', port, path: STREAM_PATH, key: BENCH_KEY, count: CLIENTS });
  let measured: Measured | null = null;
  for (const forMs of phasesMs) {
    await clients.ask({ do: 'take' });
    const before = await server.ask({ do: 'publish', perSecond: PER_SECOND, forMs: 0 });
    const after = await server.ask({ do: 'publish', perSecond: PER_SECOND, forMs });
    const expected = (after.published - before.published) * CLIENTS;
    const allCame = async () =>
      (await clients.ask({ do: 'count' })).received >= expected ? true : undefined;
    // What does not come within this time is counted as missing, and fails nothing else.
    await poll(allCame, { what: 'all messages', timeoutMs: 2000 }).catch(() => false);
    const taken = await clients.ask({ do: 'take' });
    measured = { ...taken, missing: expected - taken.received };
  }
  await clients.ask({ do: 'disconnect' });
  await server.ask({ do: 'record' }, RECORD_TIMEOUT_MS);
  if (measured === null) throw new Error('nothing was played');
  return measured;
}

function renderRow(recording: string, rounds: readonly Measured[]): BenchRow {
  return {
    recording,
    'msg/s': PER_SECOND,
    clients: CLIENTS,
    'p50 ms': round(median(rounds.map(({ p50Ms }) => p50Ms))),
    'p99 ms': round(median(rounds.map(({ p99Ms }) => p99Ms))),
    'max ms': round(Math.max(...rounds.map(({ maxMs }) => maxMs))),
    missing: rounds.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function deriveFigures(ours: readonly Measured[], bare: readonly Measured[]): Record<string, number> {
  const ratios = ours.map(({ p99Ms }, index) => p99Ms / (bare[index]?.p99Ms ?? Number.NaN));
  return {
    p99_with_vs_without: round(median(ratios)),
    p99_ms_with: round(median(ours.map(({ p99Ms }) => p99Ms))),
    missing: [...ours, ...bare].reduce((sum, { missing }) => sum + missing, 0),
  };
}

function renderIdle(idle: IdleUsage): Record<string, number> {
  return {
    rss_mb: megabytes(idle.rssBytes),
    idle_cpu_percent: round(idle.appCpuPercent + idle.databaseCpuPercent),
    idle_cpu_percent_database: round(idle.databaseCpuPercent),
  };
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6, 1);
}
