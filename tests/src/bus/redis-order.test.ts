/** Order and exactly-once of the bus on a real Redis, through kills and cut connections. */
import { delay, systemClock } from '@pulsewire/runtime';
import { busIs, createBusRecorder, publishAlerts } from '@pulsewire/runtime/bus-contract';
import { BUS_NAMES, CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis } from '../support/redis.js';
import { startProxy, upBus } from './redis-support.js';

const { metrics } = CHANNELS;
const tick = (ms: number) => delay(systemClock, ms);
/** All that is published while the bus is down must fit into the outbox. */
const MESSAGES_PER_CUT = 450;

it('RT-160: 20 kills of Redis under load, every message arrives once and in order', async () => {
  const redis = await startRedis({ appendOnly: true });
  const [publisher, subscriber] = await Promise.all([upBus(redis.url, 'pub'), upBus(redis.url, 'sub')]);
  const recorder = createBusRecorder();
  await subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
  let published = 0;
  const endLoad = systemClock.every(5, () => {
    publishAlerts(
      publisher,
      metrics,
      Array.from({ length: 5 }, (_, index) => `n${published + index}`),
    );
    published += 5;
  });
  for (let kill = 0; kill < 20; kill += 1) {
    await tick(10 + ((kill * 37) % 60));
    await redis.kill();
    await redis.restart();
    await Promise.all([busIs(publisher, 'up'), busIs(subscriber, 'up')]);
  }
  endLoad();
  await recorder.count(published);
  expect(recorder.names()).toEqual(Array.from({ length: published }, (_, index) => `n${index}`));
  await Promise.all([publisher.stop(), subscriber.stop()]);
  await redis.stop();
});

it('RT-161: connections cut in the middle of batches, every message is in the log once', async () => {
  const redis = await startRedis();
  const proxy = await startProxy(redis.port);
  const [publisher, subscriber] = await Promise.all([upBus(proxy.url, 'pub'), upBus(redis.url, 'sub')]);
  const recorder = createBusRecorder();
  await subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
  let published = 0;
  for (let cut = 0; cut < 20; cut += 1) {
    publishAlerts(
      publisher,
      metrics,
      Array.from({ length: MESSAGES_PER_CUT }, (_, index) => `n${published + index}`),
    );
    published += MESSAGES_PER_CUT;
    await tick(cut % 5);
    proxy.cut();
    await busIs(publisher, 'down');
    proxy.mend();
    await busIs(publisher, 'up');
  }
  await recorder.count(published);
  expect(recorder.names()).toEqual(Array.from({ length: published }, (_, index) => `n${index}`));
  const admin = new Redis(redis.url);
  expect(await admin.xlen(metrics + BUS_NAMES.logSuffix)).toBe(published);
  await admin.quit();
  await Promise.all([publisher.stop(), subscriber.stop()]);
  await proxy.stop();
  await redis.stop();
});

it('RT-162: a late subscriber with a long log and live traffic, misses and repeats nothing', async () => {
  const redis = await startRedis();
  const [publisher, subscriber] = await Promise.all([upBus(redis.url, 'pub'), upBus(redis.url, 'sub')]);
  const names = Array.from({ length: 6000 }, (_, index) => `n${index}`);
  publishAlerts(publisher, metrics, names.slice(0, 4000));
  await publisher.flush(5000);
  const [first] = (await subscriber.readLog(metrics, { after: null, limit: 1 })).entries;
  const recorder = createBusRecorder();
  subscriber.subscribe({ channels: [metrics], after: { [metrics]: String(first?.id) }, ...recorder });
  for (let at = 4000; at < 6000; at += 100) {
    publishAlerts(publisher, metrics, names.slice(at, at + 100));
    await tick(1);
  }
  await recorder.count(5999);
  expect(recorder.names()).toEqual(names.slice(1));
  await Promise.all([publisher.stop(), subscriber.stop()]);
  await redis.stop();
});

it('RT-163: a bus that was stopped, leaves no connection behind', async () => {
  const redis = await startRedis();
  const bus = await upBus(redis.url, 'gone');
  await bus.subscribe({ channels: [metrics], ...createBusRecorder() }).ready;
  publishAlerts(bus, metrics, ['last words']);
  await bus.stop();
  const admin = new Redis(redis.url);
  const clients = async () =>
    String(await admin.client('LIST'))
      .split('\n')
      .filter((line) => line.includes('-gone'));
  while ((await clients()).length > 0) await tick(10);
  expect(await admin.xlen(metrics + BUS_NAMES.logSuffix)).toBe(1);
  await admin.quit();
  await redis.stop();
});
