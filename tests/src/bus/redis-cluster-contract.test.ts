/** The bus contract on a Cluster of three masters. An outage is the loss of the node that has `system:metrics`. */
import { busIs, describeBusContract } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterAll, beforeAll } from 'vitest';
import type { TestRedis } from '../support/redis.js';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';
import { upBus } from './redis-support.js';

let cluster: TestCluster;
let owner: TestRedis;

beforeAll(async () => {
  cluster = await startRedisCluster({ appendOnly: true });
  owner = await cluster.ownerOf(CHANNELS.metrics);
});
afterAll(() => cluster.stop());

describeBusContract('redis cluster', async () => {
  const [publisher, subscriber] = await Promise.all([upBus(cluster.url, 'pub'), upBus(cluster.url, 'sub')]);
  const both = (status: 'up' | 'down') =>
    Promise.all([busIs(publisher, status), busIs(subscriber, status)]).then(() => undefined);
  return {
    publisher,
    subscriber,
    async interrupt() {
      await owner.kill();
      await both('down');
    },
    async restore() {
      await owner.restart();
      await both('up');
    },
    async publishForeign(text) {
      await cluster.ask(owner, 'SPUBLISH', CHANNELS.metrics, text);
    },
    async stop() {
      await Promise.all([publisher.stop(), subscriber.stop()]);
      await cluster.empty();
    },
  };
});
