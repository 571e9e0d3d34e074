/**
 * How a bus speaks to its Redis. *Plain*: one server, any channels. *Sharded*: the node of a Cluster that owns one
 * channel's slot. A sharded channel is published and subscribed at that node only (Redis 7), under its own name;
 * what belongs to it has that name in braces, because then all of it hashes to the same slot.
 */
import { BUS_NAMES, type Channel } from '@pulsewire/shared-schema';
import type { Redis } from 'ioredis';

export interface RedisDialect {
  /** The command that publishes, inside scripts. */
  publish: 'PUBLISH' | 'SPUBLISH';
  /** The client's event of a message received. */
  messageEvent: 'messageBuffer' | 'smessageBuffer';
  logKey(channel: Channel): string;
  producerKey(channel: Channel, producerId: string): string;
  /** The channel of our own probes. A key of this name is never made. */
  canaryChannel(instance: string): string;
  subscribe(redis: Redis, channels: readonly string[]): Promise<unknown>;
  unsubscribe(redis: Redis, channels: readonly string[]): Promise<unknown>;
  /** Asks whether this is still the place to publish; changes nothing. */
  ping(redis: Redis): Promise<unknown>;
}

const { logSuffix, producerInfix, canaryPrefix, canaryInfix } = BUS_NAMES;

export const PLAIN: RedisDialect = {
  publish: 'PUBLISH',
  messageEvent: 'messageBuffer',
  logKey: (channel) => channel + logSuffix,
  producerKey: (channel, producerId) => channel + producerInfix + producerId,
  canaryChannel: (instance) => canaryPrefix + instance,
  subscribe: (redis, channels) => redis.subscribe(...channels),
  unsubscribe: (redis, channels) => redis.unsubscribe(...channels),
  ping: (redis) => redis.ping(),
};

/** For the node of one channel, and for that channel only. */
export function shardedDialect(channel: Channel): RedisDialect {
  return {
    publish: 'SPUBLISH',
    messageEvent: 'smessageBuffer',
    logKey: (each) => tagged(each) + logSuffix,
    producerKey: (each, producerId) => tagged(each) + producerInfix + producerId,
    canaryChannel: (instance) => tagged(channel) + canaryInfix + instance,
    subscribe: (redis, channels) => redis.ssubscribe(...channels),
    unsubscribe: (redis, channels) => redis.sunsubscribe(...channels),
    // A node answers PING for whatever slots it has.
    ping: (redis) => redis.exists(tagged(channel) + logSuffix),
  };
}

function tagged(channel: Channel): string {
  return `{${channel}}`;
}
