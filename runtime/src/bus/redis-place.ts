/** Where a session's connection for commands leads: to one server, or to the node of a Cluster that has a channel. */
import type { Redis } from 'ioredis';
import { connectRedis } from './redis-connection.js';

export interface PlaceOptions {
  /** Shown by `CLIENT LIST`. */
  name: string;
  /** `url`: of the server or node where it led. */
  onReady(redis: Redis, url: string): void;
  /** The connection is gone or never came about. Called once. */
  onLost(error: unknown): void;
}

export interface RedisPlace {
  /** `close` ends it at once; nothing is called back afterwards. */
  connect(options: PlaceOptions): { close(): void };
}

export function createServerPlace(url: string): RedisPlace {
  return {
    connect({ name, onReady, onLost }) {
      const connection = connectRedis({ url, name, onReady: () => onReady(connection.redis, url), onLost });
      return connection;
    },
  };
}
