/**
 * From the publisher's stamp to the client's receipt through a real Redis, with 100 clients, beside a naive loop
 * (ioredis `message` → `client.send`) and, in a full run, a bare uWebSockets.js loop, the least that this machine can
 * reach, in the same run. Publisher, Redis, server and clients are processes of their own. Each server has a Redis and a publisher
 * to itself and lives through the whole run, so that it is warm; while another is measured it has nothing to do.
 */
import { LIMITS } from '@pulsewire/shared-schema';
import { startRedis } from '../src/support/redis.js';
import { poll } from '../src/support/within.js';
import {
  alternate,
  type Bench,
  type BenchOptions,
  type BenchRow,
  median,
  readProcessUsage,
  round,
} from './harness.js';
import { CROWD_CLIENTS, type Crowd, measureCrowd } from './latency/crowd.js';
import type { ClientsAnswer, ClientsQuestion } from './load/clients.js';
import { atRate, p99Ratio, renderDelays } from './load/delays.js';
import type { PublisherAnswer, PublisherQuestion } from './load/publisher.js';
import { BENCH_KEY, type Server, startGateway, startPeer } from './load/servers.js';
import { startWorker, type Worker } from './load/worker.js';

interface Phase {
  perSecond: number;
  forMs: number;
}

interface Measured extends ClientsAnswer {
  perSecond: number;
  missing: number;
  cpuPercent: number;
}

interface Scene {
  server: Server;
  publisher: Worker<PublisherQuestion, PublisherAnswer>;
  clients: Worker<ClientsQuestion, ClientsAnswer>;
}

interface Contestant {
  title: string;
  /** What its figures end with. */
  suffix: string;
  start(redisUrl: string, maxClients: number): Promise<Server>;
}

const OURS: Contestant = {
  title: 'pulsewire, ws',
  suffix: 'ws',
  start: (redisUrl, maxClients) => startGateway(redisUrl, { engine: 'ws', maxClients }),
};
const OURS_UWS: Contestant = {
  title: 'pulsewire, uws',
  suffix: 'uws',
  start: (redisUrl, maxClients) => startGateway(redisUrl, { engine: 'uws', maxClients }),
};
const BARE: Contestant = {
  title: 'bare uWebSockets.js',
  suffix: 'bare_uws',
  start: (redisUrl) => startPeer('bare-uws-server', redisUrl),
};
const NAIVE: Contestant = {
  title: 'naive loop',
  suffix: 'naive',
  start: (redisUrl) => startPeer('naive-server', redisUrl),
};
const QUICK_CONTESTANTS = [OURS, NAIVE];
const FULL_CONTESTANTS = [OURS, OURS_UWS, NAIVE, BARE];
/** Their package may not be installed. */
const OPTIONAL = [OURS_UWS, BARE];
const CLIENTS = LIMITS.maxClients;
const TOP_RATE = 1000;
const QUICK = { rounds: 5, againMs: 500, phases: phasesOf({ 10: 500, 100: 500, [TOP_RATE]: 1500 }) };
const FULL = { rounds: 7, againMs: 1000, phases: phasesOf({ 10: 3000, 100: 5000, [TOP_RATE]: 8000 }) };
const FIRST_WARM_UP_MS = 4000;

export const bench: Bench = async ({ quick, note }) => {
  const { rounds, againMs, phases } = quick ? QUICK : FULL;
  const releases: (() => Promise<unknown>)[] = [];
  try {
    const clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
    releases.push(clients.stop);
    const prepare = async ({ title, start }: Contestant) => {
      const redis = await startRedis();
      releases.push(() => redis.stop());
      const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
      releases.push(publisher.stop);
      await publisher.ask({ redisUrl: redis.url });
      const server = await start(redis.url, CLIENTS);
      releases.push(server.stop);
      const scene: Scene = { server, publisher, clients };
      await playRound(scene, [warmUp(FIRST_WARM_UP_MS)]);
      return async (index: number) => {
        const [, ...measured] = await playRound(scene, [warmUp(againMs), ...phases]);
        const p99Ms = round(measured.at(-1)?.p99Ms ?? Number.NaN);
        note(`round ${index + 1} of ${rounds}, ${title}: p99 ${p99Ms} ms at ${TOP_RATE} msg/s`);
        return measured;
      };
    };
    const peers: Record<string, (index: number) => Promise<Measured[]>> = {};
    const contestants: Contestant[] = [];
    for (const contestant of quick ? QUICK_CONTESTANTS : FULL_CONTESTANTS) {
      const play = await prepare(contestant).catch(
        OPTIONAL.includes(contestant) ? noteMissing(note, contestant.title) : rethrow,
      );
      if (play === null) continue;
      peers[contestant.title] = play;
      contestants.push(contestant);
    }
    const results = await alternate(peers, rounds);
    for (const release of releases.splice(0).reverse()) await release();
    const crowds = quick ? [] : await measureCrowds(note);
    return {
      bench: 'latency',
      rows: phases
        .flatMap(({ perSecond }) =>
          contestants.map(({ title }) => renderRow(title, perSecond, results[title] ?? [])),
        )
        .concat(crowds.map(({ row }) => row)),
      figures: {
        ...deriveFigures(contestants, results),
        ...Object.fromEntries(crowds.map(({ suffix, p99Ms }) => [`p99_ms_10000_clients_${suffix}`, p99Ms])),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

/** With what is installed. */
async function measureCrowds(note: BenchOptions['note']) {
  const crowds: (Crowd & { suffix: string })[] = [];
  for (const { title, suffix, start } of [OURS_UWS, BARE, OURS]) {
    const crowd = await measureCrowd(title, (redisUrl) => start(redisUrl, CROWD_CLIENTS)).catch(
      noteMissing(note, `10,000 clients, ${title}`),
    );
    if (crowd !== null) crowds.push({ ...crowd, suffix });
  }
  return crowds;
}

function rethrow(error: unknown): never {
  throw error;
}

function noteMissing(note: BenchOptions['note'], what: string): (error: unknown) => null {
  return (error) => {
    note(`${what}: not measured (${error instanceof Error ? error.message : error})`);
    return null;
  };
}

/** Plays the phases with all clients connected. */
async function playRound(scene: Scene, phases: readonly Phase[]): Promise<Measured[]> {
  const { server, clients } = scene;
  await clients.ask({ do: 'connect', port: server.port, path: server.path, key: BENCH_KEY, count: CLIENTS });
  const measured: Measured[] = [];
  for (const phase of phases) measured.push(await playPhase(scene, phase));
  await clients.ask({ do: 'disconnect' });
  return measured;
}

async function playPhase({ server, publisher, clients }: Scene, phase: Phase): Promise<Measured> {
  await clients.ask({ do: 'take' });
  const before = readProcessUsage(server.pid);
  const { published } = await publisher.ask(phase);
  const expected = published * CLIENTS;
  const allCame = async () => ((await clients.ask({ do: 'count' })).received >= expected ? true : undefined);
  // What does not come within this time is counted as missing, and fails nothing else.
  await poll(allCame, { what: 'all messages', timeoutMs: 2000 }).catch(() => false);
  const after = readProcessUsage(server.pid);
  const taken = await clients.ask({ do: 'take' });
  const cpuPercent = ((after.cpuMs - before.cpuMs) / phase.forMs) * 100;
  return { ...taken, perSecond: phase.perSecond, missing: expected - taken.received, cpuPercent };
}

function renderRow(server: string, perSecond: number, rounds: readonly Measured[][]): BenchRow {
  const at = atRate(rounds, perSecond);
  return {
    server,
    'msg/s': perSecond,
    clients: CLIENTS,
    ...renderDelays(at),
    'server cpu %': round(median(at.map(({ cpuPercent }) => cpuPercent)), 0),
    missing: at.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function deriveFigures(
  contestants: readonly Contestant[],
  results: Readonly<Record<string, readonly Measured[][]>>,
): Record<string, number> {
  const at = ({ title }: Contestant) => atRate(results[title] ?? [], TOP_RATE);
  const p99Ms = contestants.map((each) => {
    const name = each === OURS ? 'p99_ms_at_1000' : `p99_ms_at_1000_${each.suffix}`;
    return [name, round(median(at(each).map((measured) => measured.p99Ms)))];
  });
  const ours = [OURS, OURS_UWS].flatMap(({ title }) => results[title] ?? []);
  return {
    ...Object.fromEntries(p99Ms),
    p99_vs_naive: p99Ratio(at(OURS), at(NAIVE)),
    ...(OPTIONAL.every((each) => contestants.includes(each))
      ? { p99_uws_vs_bare_uws: p99Ratio(at(OURS_UWS), at(BARE)) }
      : {}),
    missing: ours.flat().reduce((sum, { missing }) => sum + missing, 0),
  };
}

function warmUp(forMs: number): Phase {
  return { perSecond: TOP_RATE, forMs };
}

/** The top rate comes last: integer keys are in rising order. */
function phasesOf(durations: Readonly<Record<number, number>>): Phase[] {
  return Object.entries(durations).map(([perSecond, forMs]) => ({ perSecond: Number(perSecond), forMs }));
}
