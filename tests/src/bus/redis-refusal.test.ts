/** A Redis that answers and relays, and takes no writes: every bus must know, also one that only receives. */
import { rm } from 'node:fs/promises';
import { type Bus, createRedisBus, delay, systemClock } from '@pulsewire/runtime';
import { alertNamed, busIs, createBusRecorder, publishAlerts } from '@pulsewire/runtime/bus-contract';
import { BUS_NAMES, CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.js';
import { poll } from '../support/within.js';
import { createLineLogger, upBus } from './redis-support.js';

const { metrics } = CHANNELS;
const LOG_KEY = metrics + BUS_NAMES.logSuffix;
let redis: TestRedis;
let admin: Redis;
let buses: Bus[];

beforeEach(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  buses = [];
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()));
  admin.disconnect();
  await redis.stop();
});

async function up(url = redis.url, logger = createLineLogger()) {
  const bus = await upBus(url, 'refused', logger);
  buses.push(bus);
  return { bus, logger };
}

async function listen(bus: Bus) {
  const recorder = createBusRecorder();
  await bus.subscribe({ channels: [metrics], ...recorder }).ready;
  return recorder;
}

/** Redis's number of the bus's connection for commands. */
async function connectionId(): Promise<string | undefined> {
  const line = String(await admin.client('LIST'))
    .split('\n')
    .find((each) => each.includes('name=pulsewire-refused'));
  return /^id=\d+/.exec(line ?? '')?.[0];
}

const config = (name: string, value: string) => () => admin.config('SET', name, value);
const REFUSALS = [
  ['out_of_memory', config('maxmemory', '1'), config('maxmemory', '0')],
  ['persistence_failing', config('min-replicas-to-write', '1'), config('min-replicas-to-write', '0')],
  ['read_only', () => admin.call('REPLICAOF', '127.0.0.1', '1'), () => admin.call('REPLICAOF', 'NO', 'ONE')],
] as const;

it.each(REFUSALS)(
  'RT-164: %s, a bus that only receives is down within 1 s, receives what is relayed, and comes back',
  async (cause, refuse, accept) => {
    const { bus } = await up();
    const recorder = await listen(bus);
    const atMs = performance.now();
    await refuse();
    expect((await busIs(bus, 'down')).cause).toBe(cause);
    expect(performance.now() - atMs).toBeLessThan(1000);
    await admin.publish(metrics, JSON.stringify(alertNamed('foreign')));
    await recorder.count(1);
    expect(bus.state.status).toBe('down');
    await accept();
    await busIs(bus, 'up');
  },
);

it('RT-164: refusing at the start, the bus is not up before writes are taken', async () => {
  await admin.config('SET', 'maxmemory', '1');
  const logger = createLineLogger();
  const bus = createRedisBus({ url: redis.url, name: 'refused', logger });
  buses.push(bus);
  const { ready } = bus.subscribe({ channels: [metrics], ...createBusRecorder() });
  await ready;
  await poll(async () => (bus.state.cause === 'out_of_memory' ? true : undefined), { what: 'the cause' });
  await admin.config('SET', 'maxmemory', '0');
  await busIs(bus, 'up');
  expect(logger.lines.map(({ message }) => message)).toEqual(['bus is down', 'bus is back']);
});

it('RT-170: memory that only just does not suffice, those that receive are down as the others, once', async () => {
  const [publisher, subscriber] = [await up(), await up()];
  const recorder = await listen(subscriber.bus);
  const used = /used_memory:(\d+)/.exec(await admin.info('memory'))?.[1];
  await admin.config('SET', 'maxmemory', String(Number(used) + 300_000));
  let published = 0;
  const endLoad = systemClock.every(20, () => {
    const names = Array.from({ length: 10 }, (_, index) => `n${published + index}`);
    publishAlerts(publisher.bus, metrics, names);
    published += names.length;
  });
  const down = await Promise.all([busIs(publisher.bus, 'down'), busIs(subscriber.bus, 'down')]);
  expect(down.map(({ cause }) => cause)).toEqual(['out_of_memory', 'out_of_memory']);
  // Now and then a little memory is free again, so who only receives may be up for a moment.
  await delay(systemClock, 4000);
  endLoad();
  for (const { logger } of [publisher, subscriber]) expect(logger.lines.length).toBeLessThan(6);
  await admin.config('SET', 'maxmemory', '0');
  await recorder.count(published);
  expect(recorder.names()).toEqual(Array.from({ length: published }, (_, index) => `n${index}`));
});

it('RT-165: a Redis that cannot save, a bus that only publishes says so and keeps its connection', async () => {
  const { bus, logger } = await up();
  const folder = String(((await admin.config('GET', 'dir')) as string[])[1]);
  await admin.config('SET', 'save', '3600 1');
  await rm(folder, { recursive: true });
  await admin.bgsave();
  const refused = async () => ((await admin.ping().catch(String)) === 'PONG' ? undefined : true);
  await poll(refused, { what: 'the failure to save' });
  publishAlerts(bus, metrics, ['kept']);
  expect((await busIs(bus, 'down')).cause).toBe('persistence_failing');
  const id = await connectionId();
  // Longer than a silent connection is kept.
  await delay(systemClock, 4000);
  expect(await connectionId()).toBe(id);
  await admin.config('SET', 'stop-writes-on-bgsave-error', 'no');
  await busIs(bus, 'up');
  expect(await bus.flush(5000)).toBe(true);
  expect(logger.lines.map(({ message }) => message)).toEqual(['bus is up', 'bus is down', 'bus is back']);
});

it('RT-166: a key of the wrong type in place of a log, is told with its name, and gone it is over', async () => {
  const { bus, logger } = await up();
  const recorder = await listen(bus);
  await redis.kill();
  await busIs(bus, 'down');
  await redis.restart();
  await admin.set(LOG_KEY, 'something else');
  await poll(async () => (bus.state.cause === 'wrong_type' ? true : undefined), { what: 'the cause' });
  await admin.del(LOG_KEY);
  await busIs(bus, 'up');
  publishAlerts(bus, metrics, ['a']);
  await recorder.count(1);
  const warnings = logger.lines.filter(({ level }) => level === 'warn');
  expect(warnings.map(({ fields }) => fields['cause'])).toEqual(['connection_lost', 'wrong_type']);
  expect(warnings[1]?.fields['detail']).toContain(LOG_KEY);
});

it('RT-166: a log that is replaced by another type while the bus is up, takes it down until that is gone', async () => {
  const { bus } = await up();
  await listen(bus);
  await admin.set(LOG_KEY, 'something else');
  expect((await busIs(bus, 'down')).cause).toBe('wrong_type');
  await admin.del(LOG_KEY);
  await busIs(bus, 'up');
});

it('RT-167: an account that may not write, receives without an outage', async () => {
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>reader-secret', '~*', '&*', '+@all', '-xadd');
  const { bus, logger } = await up(redis.url.replace('//', '//reader:reader-secret@'));
  const recorder = await listen(bus);
  await admin.publish(metrics, JSON.stringify(alertNamed('foreign')));
  await recorder.count(1);
  // Several probes.
  await delay(systemClock, 1000);
  expect(logger.lines.map(({ message }) => message)).toEqual(['bus is up']);
});

it.each([
  ['that may not publish', 'reader-secret'],
  ['with a wrong password', 'wrong-secret'],
])('RT-168: an account %s, is told as not permitted, without its password', async (_what, password) => {
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>reader-secret', '~*', '&*', '+@all', '-publish');
  const logger = createLineLogger();
  const url = redis.url.replace('//', `//reader:${password}@`);
  const bus = createRedisBus({ url, name: 'refused', logger });
  buses.push(bus);
  bus.subscribe({ channels: [metrics], ...createBusRecorder() });
  await poll(async () => (bus.state.cause === 'not_permitted' ? true : undefined), { what: 'the cause' });
  expect(logger.lines).toHaveLength(1);
  expect(JSON.stringify(logger.lines)).not.toContain('secret');
});

it('RT-169: a database by its number, is the one that is used', async () => {
  const { bus } = await up(`${redis.url}/3`);
  publishAlerts(bus, metrics, ['a']);
  expect(await bus.flush(5000)).toBe(true);
  expect(await admin.exists(LOG_KEY)).toBe(0);
  await admin.select(3);
  expect(await admin.xlen(LOG_KEY)).toBe(1);
});

it.each(['99', 'name'])(
  'RT-169: a database %s that there is not, is told, and no other is used',
  async (name) => {
    const logger = createLineLogger();
    const bus = createRedisBus({ url: `${redis.url}/${name}`, name: 'refused', logger });
    buses.push(bus);
    publishAlerts(bus, metrics, ['a']);
    await poll(async () => (bus.state.cause === 'redis_error' ? true : undefined), { what: 'the cause' });
    expect(logger.lines[0]?.fields['detail']).toMatch(/^ERR .*(DB index|integer)/);
    expect(await admin.dbsize()).toBe(0);
  },
);
