/** Gateways on one Cluster, and a client that moves between them. */
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runGateway } from '../gateway/support/gateway.js';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';
import { openSocket, type TestSocket } from '../support/websocket.js';
import { startNumberedLoad } from './numbered-load.js';
import { upBus } from './redis-support.js';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

async function startGatewayOnCluster() {
  const bus = await upBus(cluster.url, 'gateway');
  const gateway = await runGateway({ bus });
  return {
    url: (query = '') => gateway.url(`topics=alerts${query}`),
    async stop() {
      await gateway.stop();
      await bus.stop();
    },
  };
}

const alertsOf = ({ messages }: TestSocket) => messages.filter(({ type }) => type === 'alert');
const idOf = ({ data }: { data: Record<string, unknown> }) => String(data['alert_id']);
const isSnapshotEnd = ({ data }: { data: Record<string, unknown> }) => data['phase'] === 'end';

it('GW-38: two gateways on one Cluster, a client that moves between them while a slot moves misses nothing', async () => {
  const gateways = [await startGatewayOnCluster(), await startGatewayOnCluster()] as const;
  const publisher = await upBus(cluster.url, 'load');
  const watchers = await Promise.all(gateways.map(({ url }) => openSocket(url())));
  let client = await openSocket(gateways[0].url());
  await Promise.all([client, ...watchers].map((each) => each.first(isSnapshotEnd)));
  const load = startNumberedLoad(publisher, CHANNELS.metrics);
  const received: string[] = [];
  const resumed: unknown[] = [];
  for (const gateway of [gateways[1], gateways[0], gateways[1]]) {
    await reaches(client, load.names().length);
    await client.close();
    const after = alertsOf(client).at(-1)?.id;
    received.push(...alertsOf(client).map(idOf));
    await moveChannel();
    // Whoever comes in the middle of it is told 503 and gets a snapshot instead.
    const moved = load.names().length;
    await Promise.all(watchers.map((watcher) => reaches(watcher, moved)));
    client = await openSocket(gateway.url(`&after=${after}`));
    resumed.push((await client.first(({ type }) => type === 'hello')).data['resumed']);
  }
  await reaches(client, load.names().length);
  load.stop();
  await reaches(client, load.names().length - 1);
  expect([...received, ...alertsOf(client).map(idOf)]).toEqual(load.names());
  expect(resumed).toEqual(['complete', 'complete', 'complete']);
  await publisher.stop();
  await Promise.all(gateways.map(({ stop }) => stop()));
});

async function moveChannel(): Promise<void> {
  const owner = await cluster.ownerOf(CHANNELS.metrics);
  const other = cluster.nodes.find((node) => node !== owner);
  if (other === undefined) throw new Error('there is one node only');
  await cluster.moveSlotOf(CHANNELS.metrics, other);
}

const reaches = (client: TestSocket, number: number) =>
  client.first((message) => idOf(message) === `n${number}`);
