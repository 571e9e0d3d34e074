/** What only a real Redis can do to the bus: die, freeze, lose its data, be out of memory, be cut off. */
import { type Bus, createRedisBus, delay, systemClock } from '@pulsewire/runtime';
import { busIs, createBusRecorder, publishAlerts } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.js';
import { createLineLogger, startProxy, upBus } from './redis-support.js';

const { metrics } = CHANNELS;
let redis: TestRedis;
let buses: Bus[];

async function up(name: string, logger = createLineLogger()) {
  const bus = await upBus(redis.url, name, logger);
  buses.push(bus);
  return bus;
}

/** A subscriber that is ready, with its record. */
async function listen(bus: Bus) {
  const recorder = createBusRecorder();
  await bus.subscribe({ channels: [metrics], ...recorder }).ready;
  return recorder;
}

beforeEach(async () => {
  redis = await startRedis();
  buses = [];
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()));
  await redis.stop();
});

it('RT-150: Redis killed and back empty, down at once with one line, then everything kept arrives', async () => {
  const logger = createLineLogger();
  const [publisher, subscriber] = [await up('pub'), await up('sub', logger)];
  const recorder = await listen(subscriber);
  publishAlerts(publisher, metrics, ['a']);
  await recorder.count(1);
  await redis.kill();
  expect((await busIs(subscriber, 'down')).cause).toBe('connection_lost');
  await busIs(publisher, 'down');
  publishAlerts(publisher, metrics, ['b', 'c']);
  await redis.restart();
  await recorder.count(3);
  expect(recorder.names()).toEqual(['a', 'b', 'c']);
  await busIs(subscriber, 'up');
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'info bus is up',
    'warn bus is down',
    'info bus is back',
  ]);
  expect(logger.lines[1]?.fields).toEqual({ cause: 'connection_lost' });
  expect(logger.lines[2]?.fields).toMatchObject({ dropped_samples: 0, dropped_transitions: 0 });
});

it('RT-151: Redis frozen, is found by the canary within 1 s, and thawed is up again', async () => {
  const [publisher, subscriber] = [await up('pub'), await up('sub')];
  const recorder = await listen(subscriber);
  const frozenAtMs = performance.now();
  redis.freeze();
  const state = await busIs(subscriber, 'down');
  expect(performance.now() - frozenAtMs).toBeLessThan(1000);
  expect(state.cause).toBe('canary_timeout');
  publishAlerts(publisher, metrics, ['a', 'b']);
  redis.thaw();
  await busIs(subscriber, 'up');
  await recorder.count(2);
  expect(recorder.names()).toEqual(['a', 'b']);
});

it('RT-152: Redis frozen for longer than connections are kept, loses and repeats nothing', async () => {
  const [publisher, subscriber] = [await up('pub'), await up('sub')];
  const recorder = await listen(subscriber);
  publishAlerts(publisher, metrics, ['a']);
  await recorder.count(1);
  redis.freeze();
  // In flight while frozen: sent, never answered, and sent again on the next connection.
  publishAlerts(publisher, metrics, ['b', 'c']);
  await Promise.all([busIs(publisher, 'down'), busIs(subscriber, 'down')]);
  await delay(systemClock, 4000);
  redis.thaw();
  await Promise.all([busIs(publisher, 'up'), busIs(subscriber, 'up')]);
  publishAlerts(publisher, metrics, ['d']);
  await recorder.until(({ names }) => names().includes('d'));
  expect(recorder.names()).toEqual(['a', 'b', 'c', 'd']);
});

it('RT-153: the event loop blocked for 5 s, is no outage', async () => {
  const logger = createLineLogger();
  const [publisher, subscriber] = [await up('pub', logger), await up('sub', logger)];
  const recorder = await listen(subscriber);
  const told: string[] = [];
  for (const bus of [publisher, subscriber]) bus.onState(({ status }) => told.push(status));
  const untilMs = performance.now() + 5000;
  while (performance.now() < untilMs);
  publishAlerts(publisher, metrics, ['a']);
  await recorder.count(1);
  // Several ticks more, each of which would judge.
  await delay(systemClock, 1000);
  expect(told).toEqual([]);
  expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
});

it('RT-154: the log lost while the bus is down, tells the gap and goes on with the new log', async () => {
  const [publisher, subscriber] = [await up('pub'), await up('sub')];
  const recorder = createBusRecorder();
  const subscription = subscriber.subscribe({ channels: [metrics], ...recorder });
  await subscription.ready;
  publishAlerts(publisher, metrics, ['a']);
  await recorder.count(1);
  const before = subscription.lastId(metrics);
  await redis.kill();
  await busIs(publisher, 'down');
  publishAlerts(publisher, metrics, ['b']);
  await redis.restart();
  await recorder.count(2);
  expect(recorder.gaps.map(({ channel }) => channel)).toEqual([metrics]);
  expect(recorder.gaps[0]?.after).toBe(before);
});

it('RT-155: Redis out of memory, keeps the messages with the cause told, and sends them afterwards', async () => {
  const [publisher, subscriber] = [await up('pub'), await up('sub')];
  const recorder = await listen(subscriber);
  const admin = new Redis(redis.url);
  await admin.config('SET', 'maxmemory', '1');
  publishAlerts(publisher, metrics, ['a', 'b']);
  expect((await busIs(publisher, 'down')).cause).toBe('out_of_memory');
  expect(recorder.deliveries).toEqual([]);
  await admin.config('SET', 'maxmemory', '0');
  await recorder.count(2);
  expect(recorder.names()).toEqual(['a', 'b']);
  expect((await busIs(publisher, 'up')).cause).toBeNull();
  await admin.quit();
});

it('RT-156: the network of a subscriber cut, what it missed is delivered before it is up', async () => {
  const proxy = await startProxy(redis.port);
  const publisher = await up('pub');
  const subscriber = await upBus(proxy.url, 'sub');
  buses.push(subscriber);
  const recorder = await listen(subscriber);
  publishAlerts(publisher, metrics, ['a']);
  await recorder.count(1);
  proxy.cut();
  await busIs(subscriber, 'down');
  publishAlerts(publisher, metrics, ['b', 'c']);
  expect(await publisher.flush(5000)).toBe(true);
  const deliveredWhenUp = new Promise((resolve) => {
    subscriber.onState(({ status }) => status === 'up' && resolve(recorder.names()));
  });
  proxy.mend();
  expect(await deliveredWhenUp).toEqual(['a', 'b', 'c']);
  expect(recorder.deliveries.map(({ recovered }) => recovered)).toEqual([false, true, true]);
  await subscriber.stop();
  await proxy.stop();
});

it('RT-157: connections that stay open and carry nothing, are dropped and made anew', async () => {
  const proxy = await startProxy(redis.port);
  const subscriber = await upBus(proxy.url, 'sub');
  buses.push(subscriber);
  await listen(subscriber);
  proxy.stallOpen();
  expect((await busIs(subscriber, 'down')).cause).toBe('canary_timeout');
  await busIs(subscriber, 'up');
  await subscriber.stop();
  await proxy.stop();
});

it('RT-158: Redis away at the start, the bus waits with one line and comes up when Redis does', async () => {
  await redis.kill();
  const logger = createLineLogger();
  const bus = createRedisBus({ url: redis.url, name: 'early', logger });
  buses.push(bus);
  const recorder = createBusRecorder();
  bus.subscribe({ channels: [metrics], ...recorder });
  publishAlerts(bus, metrics, ['early']);
  await delay(systemClock, 1000);
  expect(bus.state).toMatchObject({ status: 'down', cause: 'connection_lost' });
  await redis.restart();
  await busIs(bus, 'up');
  await recorder.count(1);
  expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});
