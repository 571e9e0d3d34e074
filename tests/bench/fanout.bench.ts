/**
 * What a delivered message costs at the server: CPU time of the server's process by delivered messages, beside a
 * naive `ws` loop, `socket.io`, and a bare uWebSockets.js loop as the limit. Every server takes its messages from
 * a Redis channel and serves the same raw clients, so what comes in costs each the same kind of work. Samples are
 * published by timers, several at once: five every 10 ms, and beside that one by one, and twenty at once as a
 * sentinel sends what it has collected in a second.
 */
import { measureIdleMemory } from './fanout/idle-memory.js';
import { createStage, type Measured, type Scenario, type Seat, type Stage } from './fanout/stage.js';
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

const MAIN: Scenario = {
  ...{ clients: MAIN_CLIENTS, perSecond: 500, burst: 5 },
  ...{ rounds: 7, warmUpMs: 800, forMs: 4000 },
};
const ONE_BY_ONE: Scenario = { ...MAIN, burst: 1, rounds: 3 };
const TWENTY_AT_ONCE: Scenario = { ...MAIN, burst: 20, rounds: 3 };
/** Behind the first 64 KiB of each client, in which it is marked more often. */
const QUICK: readonly Scenario[] = [{ ...MAIN, rounds: 3, warmUpMs: 800, forMs: 1200 }];
/** The further ones carry the same number of deliveries a second: what two cores carry with all peers' headroom. */
const FULL: readonly Scenario[] = [
  MAIN,
  ONE_BY_ONE,
  TWENTY_AT_ONCE,
  { clients: 2000, perSecond: 25, burst: 1, rounds: 2, warmUpMs: 1000, forMs: 5000 },
  { clients: 10_000, perSecond: 5, burst: 1, rounds: 1, warmUpMs: 2000, forMs: 6000 },
];
/** Rounds of the first scenario that are not counted: by then, what clients that come and go need is compiled. */
const FULL_UNCOUNTED_ROUNDS = 3;
const QUICK_IDLE_CLIENTS = 500;
const FULL_IDLE_CLIENTS = 10_000;

const CONTESTANTS: readonly Contestant[] = [
  { title: OURS_WS, start: (url) => startGateway(url, { engine: 'ws', maxClients: MAX_CLIENTS }) },
  { title: NAIVE, start: (url) => startPeer('naive-server', url) },
  { title: SOCKET_IO, start: (url) => startPeer('socket-io-server', url) },
  { title: OURS_UWS, start: (url) => startGateway(url, { engine: 'uws', maxClients: MAX_CLIENTS }) },
  { title: BARE_UWS, start: (url) => startPeer('bare-uws-server', url) },
];

export const bench: Bench = async ({ quick, note }) => {
  const stage = createStage();
  const seats = new Map<string, Seat>();
  try {
    for (const { title, start } of CONTESTANTS) {
      const seat = await stage.seat(start).catch(() => null);
      if (seat !== null) seats.set(title, seat);
    }
    if (!quick) await playScenario(stage, seats, { ...MAIN, rounds: FULL_UNCOUNTED_ROUNDS }, () => {});
    const results = new Map<Scenario, Record<string, Measured[]>>();
    for (const scenario of quick ? QUICK : FULL)
      results.set(scenario, await playScenario(stage, seats, scenario, note));
    for (const seat of seats.values()) await seat.stop();
    const idle = new Map<string, number>();
    const weighed = quick ? CONTESTANTS.filter(({ title }) => OURS.includes(title)) : CONTESTANTS;
    for (const { title, start } of weighed.filter((each) => seats.has(each.title))) {
      const count = quick ? QUICK_IDLE_CLIENTS : FULL_IDLE_CLIENTS;
      const seat = await stage.seat(start);
      const kbPerClient = await measureIdleMemory(stage, seat, count);
      await seat.stop();
      note(`${title}: ${round(kbPerClient, 1)} kB for each of ${count} idle clients`);
      idle.set(title, round(kbPerClient, 1));
    }
    return {
      bench: 'fanout',
      rows: [...results].flatMap(([scenario, measured]) =>
        CONTESTANTS.map(({ title }) => renderRow(title, scenario, measured[title], idle.get(title))),
      ),
      figures: deriveFigures(results, idle),
    };
  } finally {
    await stage.stop();
  }
};

async function playScenario(
  stage: Stage,
  seats: ReadonlyMap<string, Seat>,
  scenario: Scenario,
  note: (line: string) => void,
): Promise<Record<string, Measured[]>> {
  const { clients, perSecond, burst, rounds } = scenario;
  const peers = [...seats].map(([title, seat]) => {
    const play = async (index: number) => {
      const measured = await stage.play(seat, scenario);
      const cost = round(measured.cpuUsPerDelivered);
      const what = `${clients} × ${perSecond}/s, ${burst} at once`;
      note(`${what}, round ${index + 1} of ${rounds}, ${title}: ${cost} µs`);
      return measured;
    };
    return [title, play] as const;
  });
  return alternate(Object.fromEntries(peers), rounds);
}

function renderRow(
  server: string,
  { clients, perSecond, burst }: Scenario,
  measured: readonly Measured[] | undefined,
  idleKb: number | undefined,
): BenchRow {
  const head = { server, clients, 'msg/s': perSecond, 'at once': burst };
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
  results: ReadonlyMap<Scenario, Record<string, Measured[]>>,
  idle: ReadonlyMap<string, number>,
): Record<string, number> {
  const [main = {}, oneByOne = {}, twenty = {}] = [...results.values()];
  const all = [...results.values()].flatMap((each) => OURS.flatMap((title) => each[title] ?? []));
  const figures = {
    ws_vs_naive_ws: ratio(main, OURS_WS, NAIVE),
    ws_vs_naive_ws_one_by_one: ratio(oneByOne, OURS_WS, NAIVE),
    ws_vs_naive_ws_twenty_at_once: ratio(twenty, OURS_WS, NAIVE),
    ws_vs_socket_io: ratio(main, OURS_WS, SOCKET_IO),
    uws_vs_bare_uws: ratio(main, OURS_UWS, BARE_UWS),
    uws_vs_bare_uws_one_by_one: ratio(oneByOne, OURS_UWS, BARE_UWS),
    uws_vs_bare_uws_twenty_at_once: ratio(twenty, OURS_UWS, BARE_UWS),
    rss_kb_per_client_uws: idle.get(OURS_UWS) ?? Number.NaN,
    rss_kb_per_client_ws: idle.get(OURS_WS) ?? Number.NaN,
    missing: all.reduce((sum, { missing }) => sum + missing, 0),
    disconnects: all.reduce((sum, { lost }) => sum + lost, 0),
  };
  const known = Object.entries(figures).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(known.map(([name, value]) => [name, round(value)]));
}

function ratio(measured: Record<string, Measured[]>, ours: string, peer: string): number {
  const theirs = measured[peer] ?? [];
  return median(
    (measured[ours] ?? []).map(
      (own, index) => own.cpuUsPerDelivered / (theirs[index]?.cpuUsPerDelivered ?? 0),
    ),
  );
}
