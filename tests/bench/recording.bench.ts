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
import { atRate, p99Ratio, renderDelays } from './load/delays.js';
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
}

interface Seat {
  server: Worker<EmbeddedQuestion, EmbeddedAnswer>;
  port: number;
  /** Of the server and its database. */
  pids: readonly number[];
}

type Clients = Worker<ClientsQuestion, ClientsAnswer>;

const CLIENTS = LIMITS.maxClients;
/** More than that the app, as it is shipped, sends to no client. */
const DEFAULT_RATE = LIMITS.messagesPerSecond;
const TOP_RATE = 1000;
const WARM_UP_MS = 300;
/** Odd numbers of rounds: of two in the middle the median would be the lower one. */
const QUICK = { idleMs: 20_000, rounds: 5, firstWarmUpMs: 3500, forMs: 1200, rates: [TOP_RATE] };
/** Longer than the minute between two roll-ups; and the log of the bus is full in the end. */
const FULL = { idleMs: 65_000, rounds: 7, firstWarmUpMs: 6000, forMs: 3000, rates: [DEFAULT_RATE, TOP_RATE] };
const RECORD_TIMEOUT_MS = 60_000;

export const bench: Bench = async ({ quick, note }) => {
  const { idleMs, rounds, firstWarmUpMs, forMs, rates } = quick ? QUICK : FULL;
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
    for (const seat of Object.values(seats)) await play(clients, seat, [warmUp(firstWarmUpMs)]);
    note(`the app with nobody looking, for ${idleMs / 1000} s`);
    const idle = await measure(idleMs);
    await stop();
    const phases = rates.map((perSecond) => ({ perSecond, forMs }));
    const playRound = (name: keyof typeof seats) => async (index: number) => {
      const [, ...measured] = await play(clients, seats[name], [warmUp(WARM_UP_MS), ...phases]);
      const said = measured.map(({ p99Ms, perSecond }) => `p99 ${round(p99Ms)} ms at ${perSecond} msg/s`);
      note(`round ${index + 1} of ${rounds}, ${name} recording: ${said.join(', ')}`);
      return measured;
    };
    const results = await alternate({ with: playRound('with'), without: playRound('without') }, rounds);
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

async function takeSeat(dataDir: string | null): Promise<Seat> {
  const server = startWorker<EmbeddedQuestion, EmbeddedAnswer>('../recording/embedded');
  const { port, databasePid } = await server.ask({ do: 'start', dataDir });
  return { server, port, pids: databasePid === null ? [server.pid] : [server.pid, databasePid] };
}

/** Plays the phases with all clients connected. Nothing is left to be recorded then. */
async function play(clients: Clients, { server, port }: Seat, phases: readonly Phase[]): Promise<Measured[]> {
  await clients.ask({ do: 'connect', port, path: STREAM_PATH, key: BENCH_KEY, count: CLIENTS });
  const measured: Measured[] = [];
  for (const phase of phases) {
    await clients.ask({ do: 'take' });
    const before = await server.ask({ do: 'publish', ...phase, forMs: 0 });
    const after = await server.ask({ do: 'publish', ...phase });
    const expected = (after.published - before.published) * CLIENTS;
    const allCame = async () =>
      (await clients.ask({ do: 'count' })).received >= expected ? true : undefined;
    // What does not come within this time is counted as missing, and fails nothing else.
    await poll(allCame, { what: 'all messages', timeoutMs: 2000 }).catch(() => false);
    const taken = await clients.ask({ do: 'take' });
    measured.push({ ...taken, perSecond: phase.perSecond, missing: expected - taken.received });
  }
  await clients.ask({ do: 'disconnect' });
  await server.ask({ do: 'record' }, RECORD_TIMEOUT_MS);
  return measured;
}

function warmUp(forMs: number): Phase {
  return { perSecond: TOP_RATE, forMs };
}

function renderRow(recording: string, perSecond: number, rounds: readonly Measured[][]): BenchRow {
  const at = atRate(rounds, perSecond);
  return {
    recording,
    'msg/s': perSecond,
    clients: CLIENTS,
    ...renderDelays(at),
    missing: at.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function deriveFigures(
  perSecond: number,
  ours: readonly Measured[][],
  bare: readonly Measured[][],
): Record<string, number> {
  const [own, peer] = [atRate(ours, perSecond), atRate(bare, perSecond)];
  const suffix = perSecond === TOP_RATE ? '' : `_at_${perSecond}`;
  return {
    [`p99_with_vs_without${suffix}`]: p99Ratio(own, peer),
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

function megabytes(bytes: number): number {
  return round(bytes / 1e6, 1);
}
