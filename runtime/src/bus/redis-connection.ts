/** One connection to Redis. It never reconnects by itself: when it is lost, its owner makes a new one. */
import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';

export interface RedisConnection {
  readonly redis: Redis;
  /** Ends the socket at once, without waiting for the other side. Calls nothing back afterwards. */
  close(): void;
}

export interface RedisConnectionOptions {
  url: string;
  /** Shown by `CLIENT LIST`. */
  name: string;
  onReady(): void;
  /** The connection is gone or never came about; `error` is the last thing that it said. Called once. */
  onLost(error: unknown): void;
}

// `import` of a CommonJS package scans all its files for exports first, which costs a daemon 7 MB for good.
const { Redis: RedisClient } = createRequire(import.meta.url)('ioredis') as typeof import('ioredis');

export function connectRedis(options: RedisConnectionOptions): RedisConnection {
  const redis = new RedisClient(options.url, {
    connectionName: options.name,
    disableClientInfo: true,
    protocol: 2,
    retryStrategy: null,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: null,
    connectTimeout: 0,
  });
  let lastError: unknown;
  let over = false;
  redis.on('error', (error) => {
    lastError = error;
  });
  redis.on('ready', () => {
    if (!over) options.onReady();
  });
  redis.on('end', () => {
    if (over) return;
    over = true;
    options.onLost(lastError);
  });
  return {
    redis,
    close() {
      over = true;
      redis.disconnect();
      // `disconnect` waits for the other side to close, and a frozen one never does.
      (redis as { stream?: { destroy(): void } }).stream?.destroy();
    },
  };
}
