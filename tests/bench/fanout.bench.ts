/**
 * What a delivered message costs at the server: CPU time of the server's process by delivered messages, beside a
 * naive `ws` loop, `socket.io`, and a bare uWebSockets.js loop as the limit. All servers subscribe to the same
 * Redis channel and hear the same publisher, so the cost of the input is in every row; all serve the same raw
 * clients. Every server lives through the whole run, but only the one that is measured runs: the others are
 * frozen. Must show 1.
 */
import { startRedis } from '../src/support/redis.js';
import { measureIdleMemory } from './fanout/idle-memory.js';
import { createStage, type Measured, type Scenario, type Stage } from './fanout/stage.js';
import { alternate, type Bench, type BenchRow, median, round } from './harness.js';
import { type Server, startGateway, startPeer } from './load/servers.js';

interface Contestant {
  title: string;
  start(redisUrl: string): Promise<Server>;
}

const MAX_CLIENTS = 11_000;
const OURS_WS = 'pulsewire, ws';
const OURS_UWS = 'pulsewire, uws';
const OURS = [OURS_WS, OURS_UWS];
const NAIVE = 'naive ws loop';
const SOCKET_IO = 'socket.io emit';
const BARE_UWS = 'bare uWebSockets.js';
const MAIN_CLIENTS = 100;

/** The same number of deliveries a second each: what two cores carry with all peers' headroom. */
const MAIN: Scenario = { clients: MAIN_CLIENTS, perSecond: 500, rounds: 5, warmUpMs: 800, forMs: 4000 };
const QUICK: readonly Scenario[] = [{ ...MAIN, rounds: 3, warmUpMs: 200, forMs: 900 }];
const FULL: readonly Scenario[] = [
  MAIN,
  { clients: 2000, perSecond: 25, rounds: 2, warmUpMs: 1000, forMs: 5000 },
  { clients: 10_000, perSecond: 5, rounds: 1, warmUpMs: 2000, forMs: 6000 },
];
const QUICK_IDLE_CLIENTS = 1000;
const FULL_IDLE_CLIENTS = 10_000;

const CONTESTANTS: readonly Contestant[] = [
  { title: OURS_WS, start: (url) => startGateway(url, { engine: 'ws', maxClients: MAX_CLIENTS }) },
  { title: NAIVE, start: (url) => startPeer('naive-server', url) },
  { title: SOCKET_IO, start: (url) => startPeer('socket-io-server', url) },
  { title: OURS_UWS, start: (url) => startGateway(url, { engine: 'uws', maxClients: MAX_CLIENTS }) },
  { title: BARE_UWS, start: (url) => startPeer('bare-uws-server', url) },
];

export const bench: Bench = async ({ quick, note }) => {
  const redis = await startRedis();
  const stage = await createStage(redis.url);
  const servers = new Map<string, Server>();
  try {
    const absent: string[] = [];
    for (const { title, start } of CONTESTANTS) {
      const server = await start(redis.url).catch(() => null);
      if (server === null) absent.push(title);
      else {
        servers.set(title, server);
        await stage.warmUp(server);
      }
    }
    const results = new Map<Scenario, Record<string, Measured[]>>();
    for (const scenario of quick ? QUICK : FULL)
      results.set(scenario, await playScenario(stage, servers, scenario, note));
    await stage.clear(servers.values());
    const idle = new Map<string, number>();
    const weighed = quick ? CONTESTANTS.filter(({ title }) => OURS.includes(title)) : CONTESTANTS;
    for (const { title, start } of weighed) {
      if (absent.includes(title)) continue;
      const count = quick ? QUICK_IDLE_CLIENTS : FULL_IDLE_CLIENTS;
      const kbPerClient = await measureIdleMemory(stage.clients, () => start(redis.url), count);
      note(`${title}: ${round(kbPerClient, 1)} kB for each of ${count} idle clients`);
      idle.set(title, round(kbPerClient, 1));
    }
    return {
      bench: 'fanout',
      rows: [...results].flatMap(([scenario, measured]) =>
        CONTESTANTS.map(({ title }) => renderRow(title, scenario, measured[title], idle.get(title))),
      ),
      figures: deriveFigures([...results.values()], idle),
    };
  } finally {
    await stage.clear(servers.values());
    await stage.stop();
    await redis.stop();
  }
};

async function playScenario(
  stage: Stage,
  servers: ReadonlyMap<string, Server>,
  scenario: Scenario,
  note: (line: string) => void,
): Promise<Record<string, Measured[]>> {
  const { clients, perSecond, rounds } = scenario;
  const peers = [...servers].map(([title, server]) => {
    const play = async (index: number) => {
      const measured = await stage.play(server, scenario);
      const cost = round(measured.cpuUsPerDelivered);
      note(`${clients} × ${perSecond}/s, round ${index + 1} of ${rounds}, ${title}: ${cost} µs`);
      return measured;
    };
    return [title, play] as const;
  });
  return alternate(Object.fromEntries(peers), rounds);
}

function renderRow(
  server: string,
  { clients, perSecond }: Scenario,
  measured: readonly Measured[] | undefined,
  idleKb: number | undefined,
): BenchRow {
  const head = { server, clients, 'msg/s (from Redis)': perSecond };
  if (measured === undefined) return { ...head, note: 'not available' };
  const sum = (pick: (round: Measured) => number) => measured.reduce((total, each) => total + pick(each), 0);
  return {
    ...head,
    'cpu µs/delivered': round(median(measured.map(({ cpuUsPerDelivered }) => cpuUsPerDelivered))),
    'server cpu %': round(median(measured.map(({ cpuPercent }) => cpuPercent)), 0),
    'p99 ms': round(median(measured.map(({ p99Ms }) => p99Ms)), 1),
    missing: sum(({ missing }) => missing),
    disconnects: sum(({ lost }) => lost),
    ...(idleKb === undefined ? {} : { 'rss kB/idle client': idleKb }),
  };
}

/** Figures of a server that is not available are left out. */
function deriveFigures(
  scenarios: readonly Record<string, Measured[]>[],
  idle: ReadonlyMap<string, number>,
): Record<string, number> {
  const main = scenarios[0] ?? {};
  const ratio = (ours: string, peer: string) => {
    const theirs = main[peer] ?? [];
    return median(
      (main[ours] ?? []).map((own, index) => own.cpuUsPerDelivered / (theirs[index]?.cpuUsPerDelivered ?? 0)),
    );
  };
  const all = scenarios.flatMap((results) => [...(results[OURS_WS] ?? []), ...(results[OURS_UWS] ?? [])]);
  const figures = {
    ws_vs_naive_ws: ratio(OURS_WS, NAIVE),
    ws_vs_socket_io: ratio(OURS_WS, SOCKET_IO),
    uws_vs_bare_uws: ratio(OURS_UWS, BARE_UWS),
    rss_kb_per_client_uws: idle.get(OURS_UWS) ?? Number.NaN,
    rss_kb_per_client_ws: idle.get(OURS_WS) ?? Number.NaN,
    missing: all.reduce((sum, { missing }) => sum + missing, 0),
    disconnects: all.reduce((sum, { lost }) => sum + lost, 0),
  };
  const known = Object.entries(figures).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(known.map(([name, value]) => [name, round(value)]));
}
