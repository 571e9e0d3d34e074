/** Redis through ioredis: `PING` and `INFO`, nothing else, so that an ACL may allow just these two. */
import type { DatabaseFigures, OpenDatabase } from './database-probe.js';

export const openRedis: OpenDatabase = async (url, { onLost, signal, timeoutMs }) => {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    connectTimeout: timeoutMs,
  });
  let failure: Error | undefined;
  redis.on('error', (error: Error) => {
    failure = error;
  });
  const close = () => {
    redis.off('end', onLost);
    redis.disconnect();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    await redis.connect();
  } catch (error) {
    // "Connection is closed." is all that the call itself says; the reason came before.
    throw failure ?? error;
  }
  redis.once('end', onLost);
  return {
    ping: () => redis.ping(),
    figures: async () => deriveRedisFigures(await redis.info()),
    close,
  };
};

/** Keys are those of all databases of the server. A line that is not understood is passed over. */
export function deriveRedisFigures(info: string): DatabaseFigures {
  const figures: DatabaseFigures = {};
  let keys: number | null = null;
  for (const line of info.split(/\r?\n/)) {
    const [name = '', value = ''] = line.split(':', 2);
    const number = /^\d+$/.test(value) ? Number(value) : null;
    if (name === '# Keyspace') keys = 0;
    if (name === 'used_memory' && number !== null) figures.used_memory_bytes = number;
    if (name === 'connected_clients' && number !== null) figures.connected_clients = number;
    const inDatabase = /^db\d+$/.test(name) ? /^keys=(\d+)/.exec(value)?.[1] : undefined;
    if (inDatabase !== undefined) keys = (keys ?? 0) + Number(inDatabase);
  }
  if (keys !== null) figures.keys = keys;
  return figures;
}
