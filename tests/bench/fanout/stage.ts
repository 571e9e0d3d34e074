/** Where servers are measured one at a time: the publisher, the clients, and the freezing of whoever waits. */
import { pause, poll } from '../../src/support/within.js';
import type { ClientsAnswer, ClientsQuestion } from '../load/clients.js';
import type { PublisherAnswer, PublisherQuestion } from '../load/publisher.js';
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
  /** First work of a server, unmeasured; frozen afterwards. */
  warmUp(server: Server): Promise<void>;
  /** Thaws the server, measures it, and freezes it again. */
  play(server: Server, scenario: Scenario): Promise<Measured>;
  /** Ends these servers. */
  clear(servers: Iterable<Server>): Promise<void>;
  stop(): Promise<void>;
}

const FIRST_WARM_UP: Scenario = { clients: 100, perSecond: 500, rounds: 1, warmUpMs: 0, forMs: 1200 };
const CONNECT_TIMEOUT_MS = 60_000;
const ARRIVAL_TIMEOUT_MS = 3000;
/** Between connecting and measuring: what was garbage of the handshakes is not charged to the messages. */
const SETTLE_MS = 100;

export async function createStage(redisUrl: string): Promise<Stage> {
  const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
  const clients: Clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
  await publisher.ask({ redisUrl });

  async function play(server: Server, scenario: Scenario): Promise<Measured> {
    process.kill(server.pid, 'SIGCONT');
    await server.ready();
    const { port, path, dialect } = server;
    const to = { port, path, dialect, key: BENCH_KEY, count: scenario.clients };
    await clients.ask({ do: 'connect', ...to }, CONNECT_TIMEOUT_MS);
    await pause(SETTLE_MS);
    const { perSecond, warmUpMs, forMs } = scenario;
    if (warmUpMs > 0) await publish(server, scenario.clients, { perSecond, forMs: warmUpMs });
    const measured = await publish(server, scenario.clients, { perSecond, forMs });
    await clients.ask({ do: 'disconnect' });
    await pause(SETTLE_MS);
    process.kill(server.pid, 'SIGSTOP');
    return measured;
  }

  async function publish(
    server: Server,
    count: number,
    phase: { perSecond: number; forMs: number },
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
    async warmUp(server) {
      await play(server, FIRST_WARM_UP);
    },
    play,
    async clear(servers) {
      for (const server of servers) await server.stop();
    },
    async stop() {
      await clients.stop();
      await publisher.stop();
    },
  };
}
