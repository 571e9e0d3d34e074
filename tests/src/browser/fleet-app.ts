/** The real application on a private Redis, with a fleet on the bus beside its own host and five minutes of past. */
import { join } from 'node:path';
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { builtEntry } from '../support/built-entry.js';
import { makeFolder, startProcess } from '../support/process.js';
import { startRedis } from '../support/redis.js';
import { publishFleetPast, startFleetLoad } from './fleet-load.js';

const KEY = 'fleet-app-key-0123456789';

export interface FleetApp {
  /** With the key in its fragment. */
  readonly address: string;
  stop(): Promise<void>;
}

/** `messagesPerSecond` reach every client: the gateway's own limit is far above. */
export async function startFleetApp(messagesPerSecond: number): Promise<FleetApp> {
  const redis = await startRedis();
  const app = await startProcess(process.execPath, [builtEntry('app')], {
    PORT: '0',
    DATA_DIR: join(await makeFolder('fleet'), 'data'),
    REDIS_URL: redis.url,
    API_KEYS: `fleet:${KEY}`,
    MAX_MESSAGES_PER_SECOND: '2000',
    HOST_NAME: 'here',
  });
  const [, origin = ''] = await app.line(/Pulsewire is live: (\S+)/);
  const bus = createRedisBus({ url: redis.url, name: 'fleet', logger: silentLogger });
  publishFleetPast(bus, systemClock);
  const load = startFleetLoad(bus, systemClock, messagesPerSecond);
  return {
    address: `${origin}#key=${KEY}`,
    async stop() {
      load.stop();
      await bus.stop();
      await app.stop();
      await redis.stop();
    },
  };
}
