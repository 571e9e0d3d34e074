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
  const { server, database } = splitUrl(options.url);
  const redis = new RedisClient(server, {
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
    if (over) return;
    if (database === '') options.onReady();
    else redis.call('SELECT', database).then(() => over || options.onReady(), lose);
  });
  redis.on('end', () => lose(lastError));

  function lose(error: unknown): void {
    if (over) return;
    close();
    options.onLost(error);
  }

  function close(): void {
    over = true;
    redis.disconnect();
    // `disconnect` waits for the other side to close, and a frozen one never does.
    (redis as { stream?: { destroy(): void } }).stream?.destroy();
  }

  return { redis, close };
}

/** The client would go on in database 0 where there is no such one, and end the process where that is no number. */
function splitUrl(text: string): { server: string; database: string } {
  const url = new URL(text);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '';
  return { server: url.href, database };
}
