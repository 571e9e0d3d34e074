/** The real application on a private Redis and PostgreSQL that hold a shop's past. */
import { join } from 'node:path';
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { REST_PATHS } from '@pulsewire/shared-schema/rest';
import { builtEntry } from '../support/built-entry.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { makeFolder, startProcess } from '../support/process.js';
import { startRedis } from '../support/redis.js';
import { poll } from '../support/within.js';
import { SHOP_HOST, type ShopLoad, startShop } from './shop-past.js';

const KEY = 'shop-app-key-0123456789abcdef';
/** For samples only. */
const NARROW_KEY = 'shop-narrow-key-0123456789abc';

export interface ShopApp {
  readonly postgres: TestPostgres;
  readonly load: ShopLoad;
  /** Of a page, with the key in its fragment. */
  address(path: string, key?: 'narrow'): string;
  stop(): Promise<void>;
}

/** Resolves when the past is recorded. The database that history is in is watched by a probe as well. */
export async function startShopApp(options: { logsPerSecond?: number } = {}): Promise<ShopApp> {
  const redis = await startRedis();
  const postgres = await startPostgres();
  const app = await startProcess(process.execPath, [builtEntry('app')], {
    PORT: '0',
    DATA_DIR: join(await makeFolder('shop'), 'data'),
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    PROBE_DATABASES: `orders=${postgres.url},cache=${redis.url}`,
    API_KEYS: `shop:${KEY},narrow:${NARROW_KEY}:topics=metrics`,
    MAX_MESSAGES_PER_SECOND: '2000',
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    // Comes after the shop's own by name, which is what pages show first.
    HOST_NAME: 'watcher',
  });
  const [, origin = ''] = await app.line(/Pulsewire is live: (\S+)/);
  const base = origin.replace(/\/$/, '');
  const bus = createRedisBus({ url: redis.url, name: 'shop', logger: silentLogger });
  const load = startShop(bus, systemClock, options.logsPerSecond);
  const ask = async (path: string) => {
    const answer = await fetch(`${base}${path}`, { headers: { 'x-api-key': KEY } });
    return answer.ok ? ((await answer.json()) as { data: unknown[] }) : { data: [] };
  };
  const recorded = async () => {
    const alerts = await ask(`${REST_PATHS.alerts}?state=resolved&host=${SHOP_HOST}`);
    const lines = await ask(`${REST_PATHS.logs}?host=${SHOP_HOST}&limit=1`);
    return alerts.data.length > 0 && lines.data.length > 0 ? true : undefined;
  };
  await poll(recorded, { what: 'the recorded past of the shop', timeoutMs: 60_000, everyMs: 250 });
  return {
    postgres,
    load,
    address: (path, key) => `${base}${path}#key=${key === undefined ? KEY : NARROW_KEY}`,
    async stop() {
      load.stop();
      await bus.stop();
      await app.stop();
      await postgres.stop();
      await redis.stop();
    },
  };
}
