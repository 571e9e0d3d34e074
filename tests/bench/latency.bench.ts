/**
 * From the publisher's stamp to the client's receipt through a real Redis, with 100 clients, beside a naive loop
 * (ioredis `message` → `client.send`) in the same run. Publisher, Redis, server and clients are processes of their
 * own; both servers get the same messages from the same publisher and the same clients. Only the server that is
 * measured runs; each starts anew every round and is warmed up. Must show 9.
 */
import { LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { builtEntry } from '../src/support/built-entry.js';
import { freePort } from '../src/support/free-port.js';
import { startProcess } from '../src/support/process.js';
import { startRedis } from '../src/support/redis.js';
import { poll } from '../src/support/within.js';
import { alternate, type Bench, type BenchRow, median, readProcessUsage, round } from './harness.js';
import type { ClientsAnswer, ClientsQuestion } from './latency/clients.js';
import type { NaiveAnswer, NaiveQuestion } from './latency/naive-server.js';
import type { PublisherAnswer, PublisherQuestion } from './latency/publisher.js';
import { startWorker, type Worker } from './latency/worker.js';

interface Server {
  pid: number;
  port: number;
  stop(): Promise<unknown>;
}

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
  redisUrl: string;
  publisher: Worker<PublisherQuestion, PublisherAnswer>;
  clients: Worker<ClientsQuestion, ClientsAnswer>;
  warmUp: Phase;
  phases: readonly Phase[];
}

const CLIENTS = LIMITS.maxClients;
const KEY = 'latency-bench-key-0001';
const TOP_RATE = 1000;
const QUICK = { rounds: 5, warmUpMs: 700, phases: phasesOf({ 10: 500, 100: 500, [TOP_RATE]: 1300 }) };
const FULL = { rounds: 7, warmUpMs: 2000, phases: phasesOf({ 10: 3000, 100: 5000, [TOP_RATE]: 8000 }) };

export const bench: Bench = async ({ quick, note }) => {
  const { rounds, warmUpMs, phases } = quick ? QUICK : FULL;
  const redis = await startRedis();
  const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
  const clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
  try {
    await publisher.ask({ redisUrl: redis.url });
    const warmUp = { perSecond: TOP_RATE, forMs: warmUpMs };
    const scene: Scene = { redisUrl: redis.url, publisher, clients, warmUp, phases };
    const play = (name: string, start: (redisUrl: string) => Promise<Server>) => async (index: number) => {
      const measured = await playRound(scene, await start(redis.url));
      const top = measured.find(({ perSecond }) => perSecond === TOP_RATE);
      note(
        `round ${index + 1} of ${rounds}, ${name}: p99 ${round(top?.p99Ms ?? Number.NaN)} ms at ${TOP_RATE} msg/s`,
      );
      return measured;
    };
    const results = await alternate(
      { pulsewire: play('pulsewire', startGateway), naive: play('naive loop', startNaive) },
      rounds,
    );
    return {
      bench: 'latency',
      rows: phases.flatMap(({ perSecond }) => [
        renderRow('pulsewire', perSecond, results.pulsewire),
        renderRow('naive loop', perSecond, results.naive),
      ]),
      figures: deriveFigures(results.pulsewire, results.naive),
    };
  } finally {
    await Promise.all([publisher.stop(), clients.stop()]);
    await redis.stop();
  }
};

async function playRound(scene: Scene, server: Server): Promise<Measured[]> {
  const { clients, warmUp, phases } = scene;
  try {
    await clients.ask({ do: 'connect', port: server.port, path: STREAM_PATH, key: KEY, count: CLIENTS });
    await playPhase(scene, server, warmUp);
    const measured: Measured[] = [];
    for (const phase of phases) measured.push(await playPhase(scene, server, phase));
    return measured;
  } finally {
    await clients.ask({ do: 'disconnect' });
    await server.stop();
  }
}

async function playPhase({ publisher, clients }: Scene, server: Server, phase: Phase): Promise<Measured> {
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

async function startGateway(redisUrl: string): Promise<Server> {
  const port = await freePort();
  const gateway = await startProcess(process.execPath, [builtEntry('ws-gateway')], {
    REDIS_URL: redisUrl,
    PORT: String(port),
    API_KEYS: `bench:${KEY}`,
    MAX_MESSAGES_PER_SECOND: '5000',
    MAX_CLIENTS: '200',
    LOG_FORMAT: 'json',
  });
  const isReady = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return response?.status === 200 ? true : undefined;
  };
  try {
    await poll(isReady, { what: `the gateway to be ready\n${gateway.output()}` });
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  return { pid: gateway.pid, port, stop: () => gateway.stop() };
}

async function startNaive(redisUrl: string): Promise<Server> {
  const naive = startWorker<NaiveQuestion, NaiveAnswer>('naive-server');
  const { port } = await naive.ask({ redisUrl });
  return { pid: naive.pid, port, stop: () => naive.stop() };
}

function renderRow(server: string, perSecond: number, rounds: readonly Measured[][]): BenchRow {
  const at = atRate(rounds, perSecond);
  return {
    server,
    'msg/s': perSecond,
    clients: CLIENTS,
    'p50 ms': round(median(at.map(({ p50Ms }) => p50Ms))),
    'p99 ms': round(median(at.map(({ p99Ms }) => p99Ms))),
    'max ms': round(Math.max(...at.map(({ maxMs }) => maxMs))),
    'server cpu %': round(median(at.map(({ cpuPercent }) => cpuPercent)), 0),
    missing: at.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function deriveFigures(ours: readonly Measured[][], naive: readonly Measured[][]): Record<string, number> {
  const [own, peer] = [atRate(ours, TOP_RATE), atRate(naive, TOP_RATE)];
  const ratios = own.map(({ p99Ms }, index) => p99Ms / (peer[index]?.p99Ms ?? Number.NaN));
  return {
    p99_ms_at_1000: round(median(own.map(({ p99Ms }) => p99Ms))),
    p99_vs_naive: round(median(ratios)),
    missing: ours.flat().reduce((sum, { missing }) => sum + missing, 0),
  };
}

function atRate(rounds: readonly Measured[][], perSecond: number): Measured[] {
  return rounds.flat().filter((measured) => measured.perSecond === perSecond);
}

function phasesOf(durations: Readonly<Record<number, number>>): Phase[] {
  return Object.entries(durations).map(([perSecond, forMs]) => ({ perSecond: Number(perSecond), forMs }));
}
