/** A whole gateway on a memory bus (or a given one) and a free port, with keys known to the tests. */
import {
  type Bus,
  createHealth,
  createLifecycle,
  createMemoryBus,
  createMetrics,
  type Logger,
  type MemoryBus,
  parseApiKeys,
  type Stoppable,
  silentLogger,
} from '@pulsewire/runtime';
import { STREAM_PATH } from '@pulsewire/shared-schema';
import {
  createGatewayHost,
  type Gateway,
  type GatewaySettings,
  loadUws,
  pickEngine,
  startGateway,
} from '@pulsewire/ws-gateway';
import { beforeAll, describe } from 'vitest';
import { describeWith } from '../../support/describe-with.js';

export const KEY = 'test-key-0123456789';
export const WRONG_KEY = 'wrong-key-0123456789';

let engine: 'ws' | 'uws' = 'ws';

/** `describe` for what must hold with every engine: the body runs once for each that is there. */
export function describeGateway(title: string, body: () => void): void {
  describe(title, () => {
    describe('with ws', () => {
      beforeAll(() => {
        engine = 'ws';
      });
      body();
    });
    describeWith('uws', 'with uWebSockets.js', () => {
      beforeAll(() => {
        engine = 'uws';
      });
      body();
    });
  });
}

export interface RunningGateway extends Stoppable {
  gateway: Gateway;
  port: number;
  /** `ws://…/api/system/ws` with the good key and further query options. */
  url(query?: string): string;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** Value of one metric line, 0 when it is absent; `labels` is a part of the line. */
  metric(name: string, labels?: string): Promise<number>;
}

export interface RunOptions {
  bus?: Bus;
  settings?: Partial<GatewaySettings>;
  logger?: Logger;
}

export async function runGateway(options: RunOptions = {}): Promise<RunningGateway> {
  const logger = options.logger ?? silentLogger;
  const lifecycle = createLifecycle();
  const bus = options.bus ?? lifecycle.own(createMemoryBus());
  const metrics = createMetrics({ process: 'ws-gateway', runtimeMetrics: false });
  const health = createHealth();
  const host = { host: '127.0.0.1', port: 0, logger, health, metrics };
  const http = lifecycle.own(createGatewayHost({ ...host, engine: pickEngine(engine, loadUws) }));
  const settings: GatewaySettings = {
    allowedOrigins: [],
    trustedProxies: [],
    maxClients: 100,
    messagesPerSecond: 200,
    engine,
    ...options.settings,
  };
  const keys = parseApiKeys(`tests:${KEY}`);
  const gateway = lifecycle.own(await startGateway({ bus, settings, keys, logger, metrics, health, http }));
  const { port } = await http.listen();
  const text = () => fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  return {
    gateway,
    port,
    url: (query = '') =>
      `ws://127.0.0.1:${port}${STREAM_PATH}?api_key=${KEY}${query === '' ? '' : `&${query}`}`,
    metrics: text,
    metric: async (name, labels = '') => readMetric(await text(), name, labels),
    stop: () => lifecycle.stop(),
  };
}

export interface RunningOnMemoryBus extends RunningGateway {
  bus: MemoryBus;
}

/** The same with its memory bus at hand. */
export async function runOnMemoryBus(options: Omit<RunOptions, 'bus'> = {}): Promise<RunningOnMemoryBus> {
  const bus = createMemoryBus();
  const running = await runGateway({ ...options, bus });
  return { ...running, bus };
}

function readMetric(text: string, name: string, labels: string): number {
  const line = text
    .split('\n')
    .find((candidate) => candidate.startsWith(`pulsewire_${name}{`) && candidate.includes(labels));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}
