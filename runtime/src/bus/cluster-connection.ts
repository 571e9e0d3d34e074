/** A connection to whichever node of a Cluster owns a slot now: asks any node, and follows where it points. */
import type { Cancel, Clock } from '../clock.js';
import { addressesIn, type ClusterNodes, movedTo } from './cluster-nodes.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisPlace } from './redis-place.js';
import { isRedisAnswer } from './refusal.js';

export interface ClusterPlaceOptions {
  nodes: ClusterNodes;
  urlOf(address: string): string;
  /** Any key in the slot. */
  key: string;
  clock: Clock;
}

/** While a Cluster has not settled, its nodes may point at each other. */
const MOST_HOPS = 5;
/**
 * A node that hangs is still named as the owner by the others, until they elect another one; whoever waits for it
 * does not hear of that.
 */
const PATIENCE_MS = 1000;

export function createClusterPlace({ nodes, urlOf, key, clock }: ClusterPlaceOptions): RedisPlace {
  return {
    connect({ name, onReady, onLost }) {
      let over = false;
      let current: RedisConnection | null = null;
      let cancelPatience: Cancel = () => {};

      function go(address: string, hops: number): void {
        const connection = connectRedis({
          url: urlOf(address),
          name,
          onReady() {
            connection.redis.exists(key).then(
              () => arrive(connection, address),
              (error: unknown) => redirect(connection, address, error, hops),
            );
          },
          onLost: lose,
        });
        current = connection;
        cancelPatience();
        cancelPatience = clock.after(PATIENCE_MS, () => lose(new Error(`${address} does not answer`)));
      }

      function arrive(connection: RedisConnection, address: string): void {
        if (over || connection !== current) return;
        cancelPatience();
        nodes.served(address);
        learn(connection, address);
        onReady(connection.redis, urlOf(address));
      }

      function redirect(connection: RedisConnection, asked: string, error: unknown, hops: number): void {
        if (over || connection !== current) return;
        const address = isRedisAnswer(error) ? movedTo(error.message, asked) : null;
        if (address === null || hops >= MOST_HOPS) lose(error);
        else {
          connection.close();
          go(address, hops + 1);
        }
      }

      /** For the day when none of the nodes that we know is left. An account that may not ask goes without. */
      function learn({ redis }: RedisConnection, address: string): void {
        redis.cluster('SLOTS').then(
          (slots) => nodes.learn(addressesIn(slots, address)),
          () => undefined,
        );
      }

      function lose(error: unknown): void {
        if (over) return;
        close();
        onLost(error);
      }

      function close(): void {
        over = true;
        cancelPatience();
        current?.close();
      }

      go(nodes.next(), 0);
      return { close };
    },
  };
}
