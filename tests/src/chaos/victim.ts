/** The Redis of a chaos run, one server or a Cluster, and how it is made to suffer. */
import { CHANNELS } from '@pulsewire/shared-schema';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { pause } from '../support/within.js';
import type { ClusterFault, RedisFault } from './fault.js';

export type RedisKind = 'server' | 'cluster';
export type Sufferings<F extends string> = Record<F, (lastsMs: number) => Promise<void>>;

export interface Victim {
  /** What goes into REDIS_URL. */
  readonly url: string;
  readonly sufferings: Sufferings<RedisFault> & Partial<Sufferings<ClusterFault>>;
  stop(): Promise<void>;
}

/** Longer than any fault lasts: a replica that takes over unasked has not all that its master had answered. */
const NODE_TIMEOUT_MS = 6000;

/** What Redis accepted it must still have after a kill: its own losses are not what is tested here. */
export function startVictim(kind: RedisKind): Promise<Victim> {
  return kind === 'cluster' ? startCluster() : startServer();
}

async function startServer(): Promise<Victim> {
  const redis = await startRedis({ appendOnly: true });
  const sufferings = faultsOf(
    async () => redis,
    async () => {},
  );
  return { url: redis.url, sufferings, stop: redis.stop };
}

/** Of three nodes with a replica each. Faults hit the nodes of the channels in turn. */
async function startCluster(): Promise<Victim> {
  const cluster = await startRedisCluster({ replicas: 1, appendOnly: true, nodeTimeoutMs: NODE_TIMEOUT_MS });
  const channels = [CHANNELS.metrics, CHANNELS.events];
  let turn = 0;
  const nextChannel = () => channels[turn++ % channels.length] ?? CHANNELS.metrics;

  async function masterOtherThan(owner: TestRedis): Promise<TestRedis> {
    const masters = await cluster.masters();
    const other = masters.find(({ port }) => port !== owner.port);
    if (other === undefined) throw new Error('there is one master only');
    return other;
  }

  return {
    url: cluster.url,
    sufferings: {
      ...faultsOf(() => cluster.ownerOf(nextChannel()), cluster.settled),
      async 'slot moved'() {
        const channel = nextChannel();
        await cluster.moveSlotOf(channel, await masterOtherThan(await cluster.ownerOf(channel)));
      },
      async 'slot there and back'() {
        const channel = nextChannel();
        const home = await cluster.ownerOf(channel);
        await cluster.moveSlotOf(channel, await masterOtherThan(home), home);
      },
      async 'replica took over'() {
        const channel = nextChannel();
        await cluster.ask(await cluster.replicaOf(channel), 'CLUSTER', 'FAILOVER');
      },
    },
    stop: cluster.stop,
  };
}

function faultsOf(node: () => Promise<TestRedis>, settled: () => Promise<void>): Sufferings<RedisFault> {
  return {
    async 'redis killed'(lastsMs) {
      const redis = await node();
      await redis.kill();
      await pause(lastsMs);
      await redis.restart();
      await settled();
    },
    async 'redis frozen'(lastsMs) {
      const redis = await node();
      redis.freeze();
      await pause(lastsMs);
      redis.thaw();
      await settled();
    },
    async 'redis restarted'() {
      const redis = await node();
      await redis.restart();
      await settled();
    },
  };
}
