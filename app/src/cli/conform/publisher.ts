/** The edge to the bus: publishes as a foreign producer does, past the log. */
import { parseRedisTarget, type RedisTarget } from '@pulsewire/runtime';
import type { Channel } from '@pulsewire/shared-schema';
import { Cluster, Redis } from 'ioredis';

export interface Publisher {
  /** False when Redis does not answer. Never rejects. */
  isReachable(): Promise<boolean>;
  /** Rejects when Redis does not answer. */
  publish(channel: Channel, payload: string): Promise<void>;
  stop(): void;
}

/** How long a node may take to answer, and where no node of a Cluster does, all of them. */
const PATIENCE_MS = 2000;
/** A frozen Redis is connected to and then says nothing: without a limit for commands it would be waited for for ever. */
const PATIENCE = { maxRetriesPerRequest: 1, connectTimeout: PATIENCE_MS, commandTimeout: PATIENCE_MS };

/** `url` is what `REDIS_URL` may be; what is wrong with it tells the fix. */
export function connectPublisher(url: string): Publisher | { mistake: string } {
  const target = readTarget(url);
  if ('mistake' in target) return target;
  if (target.kind === 'cluster') return connectToCluster(target.addresses.map(target.urlOf));
  const redis = new Redis(target.url, PATIENCE);
  return publisherOn(redis, (channel, payload) => redis.publish(channel, payload));
}

function readTarget(url: string): RedisTarget | { mistake: string } {
  try {
    return parseRedisTarget(url);
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : 'cannot be read' };
  }
}

function connectToCluster(urls: readonly string[]): Publisher {
  const nodes = urls.map((each) => new URL(each));
  const [first] = nodes;
  const cluster = new Cluster(
    // As it is in brackets, an IPv6 address is no name of a host.
    nodes.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) })),
    {
      clusterRetryStrategy: () => null,
      redisOptions: {
        ...PATIENCE,
        username: decodeURIComponent(first?.username ?? ''),
        password: decodeURIComponent(first?.password ?? ''),
        ...(first?.protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
  return publisherOn(cluster, (channel, payload) => cluster.spublish(channel, payload));
}

function publisherOn(
  redis: Redis | Cluster,
  publish: (channel: Channel, payload: string) => Promise<unknown>,
): Publisher {
  // Every publish that fails says so itself.
  redis.on('error', () => undefined);
  return {
    isReachable: () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    async publish(channel, payload) {
      await publish(channel, payload);
    },
    stop: () => redis.disconnect(),
  };
}
