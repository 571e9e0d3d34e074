/** A bridge on a private PostgreSQL as its read-only role, and what was recorded there. Rules: status-bridge/SPEC.md. */
import { randomInt } from 'node:crypto';
import {
  type Clock,
  createHealth,
  createLifecycle,
  createMetrics,
  parseApiKeys,
  type Stoppable,
  silentLogger,
} from '@pulsewire/runtime';
import { type BridgeSettings, readOnlyUrl, startBridge } from '@pulsewire/status-bridge';
import { type Database, migrate, openDatabase } from '@pulsewire/store';
import pg from 'pg';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { within } from '../support/within.js';
import { createRecords, type Records } from './records.js';

export const KEY = 'bridge-key-0123456789';
/** For the status only, as a page of everybody has it. */
export const PUBLIC_KEY = 'public-key-0123456789';
export const KEYS = `all:${KEY},page:${PUBLIC_KEY}:topics=metrics+containers`;
export const ALLOWED_ORIGIN = 'https://status.example.org';
const READER_PASSWORD = 'read-me';

export interface BridgeRig extends Stoppable {
  postgres: TestPostgres;
  /** For recording, not the bridge's own. */
  database: Database;
  records: Records;
  /** Of the role `pulsewire_reader`. */
  readerUrl: string;
  start(options?: StartOptions): Promise<RunningBridge>;
}

export interface StartOptions {
  clock?: Clock;
  settings?: Partial<BridgeSettings>;
  databaseUrl?: string;
}

export interface RunningBridge extends Stoppable {
  url: string;
  port: number;
  get(options?: GetOptions): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }>;
  /** The client of socket.io's own makers. Ends with the bridge. */
  client(options?: ClientOptions): TestClient;
  metric(name: string): Promise<number>;
}

export interface GetOptions {
  path?: string;
  key?: string | null;
  headers?: Record<string, string>;
  method?: string;
}

export type ClientOptions = Partial<ManagerOptions & SocketOptions> & { token?: unknown };

export interface TestClient {
  socket: Socket;
  /** Everything of an event, in order. */
  all(event: string): unknown[];
  /** Resolves with the first `count` of an event. */
  first(event: string, count?: number): Promise<unknown[]>;
}

export async function createRig(): Promise<BridgeRig> {
  const postgres = await startPostgres();
  const database = openDatabase({ url: postgres.url, name: 'test', logger: silentLogger });
  await migrate(database);
  await asAdmin(postgres.url, `alter role pulsewire_reader login password '${READER_PASSWORD}'`);
  const records = await createRecords(database);
  const readerUrl = postgres.url.replace(/\/\/[^@]+@/, `//pulsewire_reader:${READER_PASSWORD}@`);
  const running = new Set<Stoppable>();
  return {
    postgres,
    database,
    records,
    readerUrl,
    async start(options = {}) {
      const bridge = await runBridge({ databaseUrl: readerUrl, ...options });
      running.add(bridge);
      return bridge;
    },
    async stop() {
      for (const bridge of [...running].reverse()) await bridge.stop();
      await records.stop();
      await database.stop();
      await postgres.stop();
    },
  };
}

export async function runBridge(options: StartOptions & { databaseUrl: string }): Promise<RunningBridge> {
  const lifecycle = createLifecycle();
  const url = readOnlyUrl(options.databaseUrl);
  const timeouts = { statementTimeoutMs: 3000, connectTimeoutMs: 3000 };
  const database = openDatabase({ url, name: 'bridge', logger: silentLogger, connections: 4, ...timeouts });
  lifecycle.own(database);
  const metrics = createMetrics({ process: 'status-bridge', runtimeMetrics: false });
  const bridge = await startBridge({
    database,
    settings: { allowedOrigins: [ALLOWED_ORIGIN], proxyHops: 0, maxClients: 100, ...options.settings },
    keys: parseApiKeys(KEYS),
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    metrics,
    health: createHealth(),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  lifecycle.own(bridge);
  const { port } = bridge.address;
  const address = `http://127.0.0.1:${port}`;
  return {
    url: address,
    port,
    async get({ path = '/api/status', key = KEY, headers = {}, method = 'GET' } = {}) {
      const response = await fetch(address + path, {
        method,
        headers: {
          ...(key === null ? {} : { 'x-api-key': key }),
          // Where a proxy is believed, everybody is somebody else unless the test says otherwise.
          'x-forwarded-for': `198.18.0.${randomInt(1, 255)}`,
          ...headers,
        },
      });
      const text = await response.text();
      const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text };
      return { status: response.status, headers: response.headers, body };
    },
    client(given = {}) {
      const client = connectClient(address, given);
      lifecycle.add(() => void client.socket.close());
      return client;
    },
    async metric(name) {
      const found = await metrics.getSingleMetric(`pulsewire_bridge_${name}`)?.get();
      return found?.values.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN;
    },
    stop: () => lifecycle.stop(),
  };
}

export function connectClient(url: string, { token = KEY, ...options }: ClientOptions = {}): TestClient {
  const socket = io(url, { auth: { token }, forceNew: true, reconnection: false, ...options });
  const events: { event: string; value: unknown }[] = [];
  const readers = new Set<() => void>();
  const note = (event: string, value: unknown) => {
    events.push({ event, value });
    for (const read of [...readers]) read();
  };
  socket.onAny((event: string, value: unknown) => note(event, value));
  for (const event of ['connect', 'connect_error', 'disconnect'] as const)
    socket.on(event, (value?: unknown) => note(event, value));
  const all = (name: string) => events.filter(({ event }) => event === name).map(({ value }) => value);
  return {
    socket,
    all,
    async first(event, count = 1) {
      let read = () => {};
      const found = new Promise<unknown[]>((resolve) => {
        read = () => {
          if (all(event).length >= count) resolve(all(event).slice(0, count));
        };
        readers.add(read);
        read();
      });
      const detail = () => JSON.stringify(events.slice(-5));
      return within(found, 20_000, `${count} × ${event}`, detail).finally(() => readers.delete(read));
    },
  };
}

export async function asAdmin(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
