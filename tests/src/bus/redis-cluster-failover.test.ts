/** Replicas that take over, with the whole load on: asked to, and because the master is gone. */
import type { Bus } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';
import { expectAll, listen, startNumberedLoad } from './numbered-load.js';
import { upBus } from './redis-support.js';

const { metrics } = CHANNELS;
let cluster: TestCluster;
let publisher: Bus;
let subscriber: Bus;

beforeEach(async () => {
  cluster = await startRedisCluster({ replicas: 1, nodeTimeoutMs: 1000 });
  [publisher, subscriber] = await Promise.all([upBus(cluster.url, 'pub'), upBus(cluster.url, 'sub')]);
});
afterEach(async () => {
  await Promise.all([publisher.stop(), subscriber.stop()]);
  await cluster.stop();
});

const bothAre = (status: 'up' | 'down') => Promise.all([busIs(publisher, status), busIs(subscriber, status)]);

it('RT-177: a replica told to take over under load, loses, doubles and misorders nothing', async () => {
  const recorder = await listen(subscriber, [metrics]);
  const load = startNumberedLoad(publisher, metrics);
  const replica = await cluster.replicaOf(metrics);
  await recorder.count(100);
  await cluster.ask(replica, 'CLUSTER', 'FAILOVER');
  await bothAre('down');
  await bothAre('up');
  await recorder.count(load.names().length + 50);
  load.stop();
  await expectAll(load, recorder);
  expect((await cluster.ownerOf(metrics)).port).toBe(replica.port);
});

it.each(['killed', 'frozen'])(
  'RT-178: a master %s under load, what its replica has goes on once and in order',
  async (how) => {
    const recorder = await listen(subscriber, [metrics]);
    const load = startNumberedLoad(publisher, metrics);
    const [master, replica] = [await cluster.ownerOf(metrics), await cluster.replicaOf(metrics)];
    await recorder.count(100);
    if (how === 'killed') await master.kill();
    else master.freeze();
    await bothAre('down');
    await bothAre('up');
    await recorder.count(load.names().length + 50);
    load.stop();
    await expectAll(load, recorder);
    expect((await cluster.ownerOf(metrics)).port).toBe(replica.port);
  },
);
