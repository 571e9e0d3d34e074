/** A gateway with clients that stay and clients that come and go, and what is read of it meanwhile. */
import type { EngineName } from '../../src/chaos/gateway-process.js';
import { pause } from '../../src/support/within.js';
import type { ClientsAnswer, ClientsQuestion } from '../load/clients.js';
import { BENCH_KEY, startGateway } from '../load/servers.js';
import { startWorker } from '../load/worker.js';
import { readState } from './reading.js';
import type { Reading } from './series.js';

export interface Plan {
  readEveryMs: number;
  isOver(): boolean;
  onReading(reading: Reading): void;
}

export interface Soaked {
  readings: Reading[];
  /** How many clients came and went. */
  visits: number;
  /** Of those that stayed. */
  disconnects: number;
}

export interface Stand {
  soak(plan: Plan): Promise<Soaked>;
  /** What the clients that stayed have received in all. */
  received(): Promise<number>;
  stop(): Promise<void>;
}

export const STAYING = 80;
const COMING_AND_GOING = 20;
const STAY_MS = 2000;

/** Rejects when the engine is not installed. */
export async function startStand(redisUrl: string, engine: EngineName): Promise<Stand> {
  const server = await startGateway(redisUrl, { engine });
  const staying = startWorker<ClientsQuestion, ClientsAnswer>('clients');
  const passing = startWorker<ClientsQuestion, ClientsAnswer>('clients');
  const to = { port: server.port, path: server.path, key: BENCH_KEY };
  await staying.ask({ do: 'connect', ...to, count: STAYING });
  await staying.ask({ do: 'take' });
  let received = 0;
  let disconnects = 0;
  const take = async () => {
    const taken = await staying.ask({ do: 'take' });
    received += taken.received;
    disconnects += taken.lost;
    return taken;
  };

  async function comeAndGo(isOver: () => boolean): Promise<number> {
    let visits = 0;
    while (!isOver()) {
      await passing.ask({ do: 'connect', ...to, count: COMING_AND_GOING });
      visits += COMING_AND_GOING;
      await pause(STAY_MS);
      await passing.ask({ do: 'disconnect' });
      await passing.ask({ do: 'take' });
    }
    return visits;
  }

  async function read({ readEveryMs, isOver, onReading }: Plan): Promise<Reading[]> {
    const startedMs = performance.now();
    const readings: Reading[] = [];
    while (!isOver()) {
      await pause(readEveryMs);
      const [state, { p99Ms }] = await Promise.all([readState(server), take()]);
      const reading = { ...state, p99Ms, atMs: performance.now() - startedMs };
      readings.push(reading);
      onReading(reading);
    }
    return readings;
  }

  return {
    async soak(plan) {
      const [visits, readings] = await Promise.all([comeAndGo(plan.isOver), read(plan)]);
      return { readings, visits, disconnects };
    },
    async received() {
      await take();
      return received;
    },
    async stop() {
      await Promise.all([staying.stop(), passing.stop()]);
      await server.stop();
    },
  };
}
