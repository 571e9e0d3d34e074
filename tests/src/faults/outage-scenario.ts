/**
 * One outage of Redis under load, seen by many clients of a gateway that runs as its own process: a publisher
 * numbers alerts and container transitions all the time; afterwards every client must hold every number once and
 * in order. Times are measured here and judged by the bench; the tests judge what arrived.
 */
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { WebSocket } from 'ws';
import { builtCommand } from '../support/built-entry.js';
import { freePort } from '../support/free-port.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { poll } from '../support/within.js';
import { createOutageLoad, type OutageLoad } from './outage-load.js';
import { type OutageWitness, watchFeed } from './outage-witness.js';

export type OutageKind = 'kill' | 'freeze';

export interface OutageReport {
  clients: number;
  published: number;
  /** Per client: from the signal to the 503 packet, in ms. */
  msTo503: number[];
  /** Per client: from the moment that Redis answered again to the 200 packet, in ms. */
  msTo200: number[];
  /** Numbers that some client lacks, got twice, or got out of order. */
  missing: number;
  doubled: number;
  misordered: number;
  /** What the gateway logged about the outage. */
  gatewayWarnings: string[];
  gatewayAlive: boolean;
}

const KEY = 'outage-scenario-key-0001';

export interface OutageOptions {
  kind: OutageKind;
  clients: number;
  outageMs: number;
}

/** Plays one outage and reports. Everything that it starts is stopped again. */
export async function playOutage(options: OutageOptions): Promise<OutageReport> {
  const redis = await startRedis();
  const port = await freePort();
  const gateway = await startProcess(process.execPath, builtCommand('ws-gateway'), {
    REDIS_URL: redis.url,
    PORT: String(port),
    API_KEYS: `bench:${KEY}`,
    LOG_FORMAT: 'json',
  });
  const publisher = createRedisBus({ url: redis.url, name: 'outage-load', logger: silentLogger });
  const load = createOutageLoad(publisher, systemClock);
  try {
    await readyAt(port);
    const witnesses = await connect(port, options.clients);
    load.start();
    return await runOutage({ options, redis, gateway, load, witnesses });
  } finally {
    load.stop();
    await publisher.stop();
    await gateway.stop();
    await redis.stop();
  }
}

async function runOutage(scene: {
  options: OutageOptions;
  redis: TestRedis;
  gateway: TestProcess;
  load: OutageLoad;
  witnesses: OutageWitness[];
}): Promise<OutageReport> {
  const { options, redis, gateway, load, witnesses } = scene;
  await Promise.all(witnesses.map((witness) => witness.sawNumber(20)));
  const failedAtMs = performance.now();
  if (options.kind === 'kill') await redis.kill();
  else redis.freeze();
  const saw503 = await Promise.all(witnesses.map((witness) => witness.saw(503)));
  await load.published(load.count() + Math.ceil(options.outageMs / load.periodMs));
  if (options.kind === 'kill') await redis.restart();
  else redis.thaw();
  const backAtMs = performance.now();
  const saw200 = await Promise.all(witnesses.map((witness) => witness.saw(200)));
  load.stop();
  await Promise.all(witnesses.map((witness) => witness.sawNumber(load.count())));
  for (const witness of witnesses) witness.close();
  return {
    clients: witnesses.length,
    published: load.count(),
    msTo503: saw503.map((atMs) => atMs - failedAtMs),
    msTo200: saw200.map((atMs) => Math.max(0, atMs - backAtMs)),
    ...sumUp(witnesses, load.count()),
    gatewayWarnings: gateway
      .output()
      .split('\n')
      .filter((line) => /"level":(40|50|60)/.test(line)),
    gatewayAlive: await isAlive(gateway),
  };
}

function sumUp(witnesses: OutageWitness[], count: number) {
  let missing = 0;
  let doubled = 0;
  let misordered = 0;
  for (const { numbers } of witnesses) {
    const distinct = new Set(numbers);
    missing += count - distinct.size;
    doubled += numbers.length - distinct.size;
    misordered += numbers.filter((number, index) => number < (numbers[index - 1] ?? 0)).length;
  }
  return { missing, doubled, misordered };
}

async function connect(port: number, clients: number): Promise<OutageWitness[]> {
  const url = `ws://127.0.0.1:${port}/api/system/ws`;
  return Promise.all(
    Array.from({ length: clients }, () => watchFeed(new WebSocket(url, { headers: { 'x-api-key': KEY } }))),
  );
}

function readyAt(port: number): Promise<unknown> {
  const probe = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return response?.status === 200 ? true : undefined;
  };
  return poll(probe, { what: 'the gateway to be ready' });
}

async function isAlive(process: TestProcess): Promise<boolean> {
  return (await Promise.race([process.exited.then(() => 'ended'), Promise.resolve('alive')])) === 'alive';
}
