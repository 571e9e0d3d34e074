/** What only a Cluster can do to the bus: slots that move, replicas that take over, nodes that know better. */
import { type Bus, createRedisBus, type Logger } from '@pulsewire/runtime';
import { busIs, createBusRecorder, publishAlerts } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestRedis } from '../support/redis.js';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';
import { poll } from '../support/within.js';
import { expectAll, listen, startNumberedLoad } from './numbered-load.js';
import { createLineLogger, upBus } from './redis-support.js';

const { metrics, events, logs } = CHANNELS;
let cluster: TestCluster;
let buses: Bus[];

beforeAll(async () => {
  cluster = await startRedisCluster({ appendOnly: true });
});
beforeEach(() => {
  buses = [];
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()));
  await cluster.empty();
});
afterAll(() => cluster.stop());

async function up(logger: Logger = createLineLogger(), url = cluster.url): Promise<Bus> {
  const bus = await upBus(url, 'clustered', logger);
  buses.push(bus);
  return bus;
}

/** A master other than the one that has the channel. */
function otherThan(owner: TestRedis): TestRedis {
  const other = cluster.nodes.find(({ port }) => port !== owner.port);
  if (other === undefined) throw new Error('there is one node only');
  return other;
}

it('RT-174: a message published, goes out on the sharded channel and into the log of the node that owns both', async () => {
  const bus = await up();
  const owner = await cluster.ownerOf('system:metrics');
  const reader = new Redis(owner.url);
  const received = new Promise<string[]>((resolve) => reader.on('smessage', (...pair) => resolve(pair)));
  await reader.ssubscribe('system:metrics');
  publishAlerts(bus, metrics, ['a']);
  const [channel, text] = await received;
  const [[id] = []] = (await cluster.ask(owner, 'XRANGE', '{system:metrics}:log', '-', '+')) as [string][];
  expect(channel).toBe('system:metrics');
  expect(JSON.parse(String(text))).toMatchObject({ data: { alert_id: 'a' }, id });
  reader.disconnect();
});

it('RT-174: three channels on several nodes, each message arrives once on its own', async () => {
  const [publisher, subscriber] = [await up(), await up()];
  const recorder = await listen(subscriber, [metrics, events, logs]);
  for (const channel of [metrics, events, logs])
    publishAlerts(publisher, channel, [`${channel} 1`, `${channel} 2`]);
  await recorder.count(6);
  const named = recorder.deliveries.map(({ channel }, index) => [channel, recorder.names()[index]]);
  expect(named.sort()).toEqual(
    [events, logs, metrics].flatMap((each) => [
      [each, `${each} 1`],
      [each, `${each} 2`],
    ]),
  );
});

it('RT-175: the node of one channel gone, the bus is down, names the channel, and goes on with the others', async () => {
  const logger = createLineLogger();
  const [publisher, subscriber] = [await up(), await up(logger)];
  const recorder = await listen(subscriber, [metrics, events]);
  const owner = await cluster.ownerOf(events);
  await owner.kill();
  await Promise.all([busIs(subscriber, 'down'), busIs(publisher, 'down')]);
  publishAlerts(publisher, events, ['kept']);
  publishAlerts(publisher, metrics, ['at once']);
  await recorder.count(1);
  await owner.restart();
  await Promise.all([busIs(subscriber, 'up'), busIs(publisher, 'up')]);
  await recorder.count(2);
  expect(recorder.names()).toEqual(['at once', 'kept']);
  expect(logger.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({ channel: events });
});

it('RT-175: the node of one channel frozen, the bus is down within 1 s', async () => {
  const subscriber = await up();
  await listen(subscriber, [metrics, events]);
  const owner = await cluster.ownerOf(events);
  const atMs = performance.now();
  owner.freeze();
  expect((await busIs(subscriber, 'down')).cause).toBe('canary_timeout');
  expect(performance.now() - atMs).toBeLessThan(1000);
  owner.thaw();
  await busIs(subscriber, 'up');
});

it('RT-181: the node of one channel gone, the log of another is read and gets the last words', async () => {
  const [leaving, reader] = [await up(), await up()];
  publishAlerts(leaving, metrics, ['first']);
  await leaving.flush(5000);
  const owner = await cluster.ownerOf(events);
  await owner.kill();
  await Promise.all([busIs(leaving, 'down'), busIs(reader, 'down')]);
  publishAlerts(leaving, metrics, ['last words']);
  await leaving.stop();
  const { entries } = await reader.readLog(metrics, { after: null, limit: 10 });
  const ids = entries.map(({ bytes }) => JSON.parse(bytes.toString()).data.alert_id);
  expect(ids).toEqual(['first', 'last words']);
  await expect(reader.readLog(events, { after: null, limit: 10 })).rejects.toMatchObject({
    code: 'log_unavailable',
  });
  await owner.restart();
  await busIs(reader, 'up');
});

it('RT-176: a slot that moves back and forth under load, loses, doubles and misorders nothing', async () => {
  const logger = createLineLogger();
  const [publisher, subscriber] = [await up(), await up(logger)];
  const recorder = await listen(subscriber, [metrics]);
  const home = await cluster.ownerOf(metrics);
  const away = otherThan(home);
  const load = startNumberedLoad(publisher, metrics);
  for (const to of [away, home, away, home]) {
    const before = load.names().length;
    await recorder.count(before + 50);
    await cluster.moveSlotOf(metrics, to);
    await Promise.all([busIs(publisher, 'up'), busIs(subscriber, 'up')]);
  }
  await recorder.count(load.names().length + 50);
  load.stop();
  await expectAll(load, recorder);
  expect(logger.lines.map(({ fields }) => fields['cause'])).toContain('slot_moved');
});

it('RT-182: a slot that leaves and is back within milliseconds, is noticed as moved, and nothing is lost', async () => {
  const logger = createLineLogger();
  const [publisher, subscriber] = [await up(), await up(logger)];
  const recorder = await listen(subscriber, [metrics]);
  const home = await cluster.ownerOf(metrics);
  const load = startNumberedLoad(publisher, metrics);
  await recorder.count(50);
  await cluster.moveSlotOf(metrics, otherThan(home), home);
  await busIs(subscriber, 'down');
  await busIs(subscriber, 'up');
  await recorder.count(load.names().length + 50);
  load.stop();
  await expectAll(load, recorder);
  expect(logger.lines.flatMap(({ fields }) => fields['cause'] ?? [])).toEqual(['slot_moved']);
});

it('RT-176: a slot that moves while nothing is published, is followed by those that only publish', async () => {
  const logger = createLineLogger();
  const bus = await up(logger);
  const home = await cluster.ownerOf(metrics);
  await cluster.moveSlotOf(metrics, otherThan(home));
  await busIs(bus, 'down');
  await busIs(bus, 'up');
  publishAlerts(bus, metrics, ['a']);
  expect(await bus.flush(5000)).toBe(true);
  await cluster.moveSlotOf(metrics, home);
  await busIs(bus, 'down');
  await busIs(bus, 'up');
});

it('RT-179: a Cluster that lacks slots of others, is told as that, and used again when it has them', async () => {
  const bus = await up();
  await listen(bus, [metrics]);
  const owners = await Promise.all([metrics, events, logs].map((channel) => cluster.ownerOf(channel)));
  const bystander = cluster.nodes.find((node) => !owners.includes(node));
  await bystander?.kill();
  expect((await busIs(bus, 'down')).cause).toBe('cluster_down');
  await bystander?.restart();
  await busIs(bus, 'up');
});

it('RT-172: seeds of which one answers, are enough', async () => {
  const [node] = cluster.nodes;
  const bus = await up(createLineLogger(), `redis-cluster://127.0.0.1:1,127.0.0.1:${node?.port}`);
  publishAlerts(bus, metrics, ['a']);
  expect(await bus.flush(5000)).toBe(true);
});

it('RT-180: a node of a Cluster that is named as one server, is told, for its slots are elsewhere', async () => {
  const logger = createLineLogger();
  const node = await cluster.ownerOf(events);
  const bus = createRedisBus({ url: node.url, name: 'misled', logger });
  buses.push(bus);
  bus.subscribe({ channels: [metrics], ...createBusRecorder() });
  const told = () => logger.lines.find(({ level }) => level === 'warn');
  await poll(() => told(), { what: 'the cause' });
  expect(told()?.fields).toMatchObject({ cause: 'slot_moved' });
});
