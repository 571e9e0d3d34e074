/** Bus → recorder → database → API, on a port, and a client with a key. */
import { apiSettings, startApi } from '@pulsewire/api';
import { recorderSettings, startRecorder } from '@pulsewire/recorder';
import {
  createHealth,
  createHttpHost,
  createLifecycle,
  createMemoryBus,
  createMetrics,
  type MemoryBus,
  parseApiKeys,
  readConfig,
  type Stoppable,
  silentLogger,
} from '@pulsewire/runtime';
import { type Database, openDatabase } from '@pulsewire/store';

export const KEY = 'a-key-that-reads-all';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface RunningApi extends Stoppable {
  /** Where it listens. */
  base: string;
  ask<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
}

export interface ApiRig extends RunningApi {
  bus: MemoryBus;
  database: Database;
  /** One more API on the same database, and on the same bus unless another one is given. */
  startApi(bus?: MemoryBus): Promise<RunningApi>;
}

export async function createApiRig(server: { url: string; connections?: number }): Promise<ApiRig> {
  const lifecycle = createLifecycle();
  const bus = lifecycle.own(createMemoryBus());
  const { url, connections = 5 } = server;
  const database = lifecycle.own(openDatabase({ url, connections, name: 'test', logger: silentLogger }));
  const room = { bus, database, logger: silentLogger };

  async function start(heard: MemoryBus = bus): Promise<RunningApi> {
    const own = createLifecycle();
    const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
    const health = createHealth();
    const keys = parseApiKeys(`all:${KEY}`);
    const settings = readConfig({}, apiSettings);
    const api = own.own(await startApi({ ...room, bus: heard, settings, keys: () => keys, metrics, health }));
    const http = own.own(
      createHttpHost({ host: '127.0.0.1', port: 0, logger: silentLogger, health, metrics }),
    );
    http.fallback(api.handle);
    const { port } = await http.listen();
    const base = `http://127.0.0.1:${port}`;
    return { base, ask: (path) => ask(base + path), stop: () => own.stop() };
  }

  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  const settings = readConfig({}, recorderSettings);
  lifecycle.own(await startRecorder({ ...room, settings, metrics, health: createHealth() }));
  const api = lifecycle.own(await start());
  return {
    bus,
    database,
    base: api.base,
    ask: api.ask,
    startApi: async (other) => lifecycle.own(await start(other)),
    stop: () => lifecycle.stop(),
  };
}

export async function ask<T>(url: string, key: string = KEY): Promise<Answer<T>> {
  const response = await fetch(url, { headers: { 'x-api-key': key } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}
