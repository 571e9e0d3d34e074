/**
 * Where servers are measured one at a time. Each has a *seat*: a Redis and a publisher to itself, so that it has
 * nothing to do while another is measured. The clients are the same for all.
 */
import { startRedis } from '../../src/support/redis.js';
import { pause, poll } from '../../src/support/within.js';
import type { ClientsAnswer, ClientsQuestion } from '../load/clients.js';
import type { PublisherAnswer, PublisherQuestion, PublishingPhase } from '../load/publisher.js';
import { BENCH_KEY, type Server } from '../load/servers.js';
import { startWorker, type Worker } from '../load/worker.js';
import { readCpuUs } from './cpu-time.js';

export interface Scenario {
  clients: number;
  /** Messages published a second; each goes to every client. */
  perSecond: number;
  rounds: number;
  warmUpMs: number;
  forMs: number;
  /** Messages that come at the same moment. */
  burst: number;
}

export interface Seat {
  readonly server: Server;
  stop(): Promise<void>;
}

export interface Measured {
  /** User and system time of the whole server process, divided by the messages that arrived. */
  cpuUsPerDelivered: number;
  cpuPercent: number;
  p99Ms: number;
  missing: number;
  lost: number;
}

export type Clients = Worker<ClientsQuestion, ClientsAnswer>;

export interface Stage {
  readonly clients: Clients;
  /** Starts a server and has it do its first work, unmeasured. Rejects when it cannot be started. */
  seat(start: (redisUrl: string) => Promise<Server>): Promise<Seat>;
  play(seat: Seat, scenario: Scenario): Promise<Measured>;
  stop(): Promise<void>;
}

interface OwnedSeat extends Seat {
  publisher: Worker<PublisherQuestion, PublisherAnswer>;
}

/** Many messages to few clients: all code is compiled, and the machine is not the limit. */
const FIRST_WARM_UP: Scenario = {
  ...{ clients: 10, perSecond: 4000, burst: 4 },
  ...{ rounds: 1, warmUpMs: 0, forMs: 2000 },
};
const CONNECT_TIMEOUT_MS = 60_000;
const ARRIVAL_TIMEOUT_MS = 3000;
/** Between connecting and measuring: what was garbage of the handshakes is not charged to the messages. */
const SETTLE_MS = 100;

export function createStage(): Stage {
  const clients: Clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
  const seats = new Map<Seat, OwnedSeat>();

  async function seat(start: (redisUrl: string) => Promise<Server>): Promise<Seat> {
    const redis = await startRedis();
    const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
    const vacate = async () => {
      await publisher.stop();
      await redis.stop();
    };
    try {
      await publisher.ask({ redisUrl: redis.url });
      const server = await start(redis.url);
      const owned: OwnedSeat = {
        server,
        publisher,
        async stop() {
          if (!seats.delete(owned)) return;
          await server.stop();
          await vacate();
        },
      };
      seats.set(owned, owned);
      await play(owned, FIRST_WARM_UP);
      return owned;
    } catch (error) {
      await vacate();
      throw error;
    }
  }

  async function play(taken: Seat, scenario: Scenario): Promise<Measured> {
    const owned = seats.get(taken);
    if (owned === undefined) throw new Error('the seat was given up');
    const { server } = owned;
    await server.ready();
    const { port, path, dialect } = server;
    const to = { port, path, dialect, key: BENCH_KEY, count: scenario.clients };
    await clients.ask({ do: 'connect', ...to }, CONNECT_TIMEOUT_MS);
    await pause(SETTLE_MS);
    const { perSecond, warmUpMs, forMs, burst } = scenario;
    if (warmUpMs > 0) await publish(owned, scenario.clients, { perSecond, forMs: warmUpMs, burst });
    const measured = await publish(owned, scenario.clients, { perSecond, forMs, burst });
    await clients.ask({ do: 'disconnect' });
    await pause(SETTLE_MS);
    return measured;
  }

  async function publish(
    { server, publisher }: OwnedSeat,
    count: number,
    phase: PublishingPhase,
  ): Promise<Measured> {
    await clients.ask({ do: 'take' });
    const startedMs = performance.now();
    const beforeUs = readCpuUs(server.pid);
    const { published } = await publisher.ask(phase);
    const expected = published * count;
    const allCame = async () =>
      (await clients.ask({ do: 'count' })).received >= expected ? true : undefined;
    // What does not come within this time is counted as missing, and fails nothing else.
    await poll(allCame, { what: 'all messages', timeoutMs: ARRIVAL_TIMEOUT_MS }).catch(() => false);
    const cpuUs = readCpuUs(server.pid) - beforeUs;
    const cpuPercent = cpuUs / 10 / (performance.now() - startedMs);
    const { received, lost, p99Ms } = await clients.ask({ do: 'take' });
    return {
      cpuUsPerDelivered: cpuUs / received,
      cpuPercent,
      p99Ms,
      missing: expected - received,
      lost,
    };
  }

  return {
    clients,
    seat,
    play,
    async stop() {
      for (const taken of [...seats.values()]) await taken.stop();
      await clients.stop();
    },
  };
}
