/** A small shop on one host, as the pictures of the documentation show it: real engine, real Redis, real load. */
import { join } from 'node:path';
import { builtEntry } from '../support/built-entry.js';
import { startDocker, TEST_IMAGE, type TestDocker } from '../support/docker.js';
import { makeFolder, startProcess } from '../support/process.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const KEY = 'screenshot-key-0123456789';
const SECOND_NS = 1e9;
const MIB = 2 ** 20;

interface Service {
  readonly name: string;
  readonly image: string;
  readonly command: string;
  /** Command of the health check. */
  readonly health?: string;
  readonly memoryMib?: number;
}

/** Works for some seconds, then rests: its CPU is a wave, not a wall. */
const busy = (blocks: number, restS: number) =>
  `while true; do dd if=/dev/zero of=/dev/null bs=64k count=${blocks} 2>/dev/null; sleep ${restS}; done`;
const SERVICES: readonly Service[] = [
  { name: 'shop-web', image: 'shop/web:2.14.1', command: busy(20_000, 1), health: 'true', memoryMib: 64 },
  { name: 'shop-api', image: 'shop/api:2.14.1', command: busy(45_000, 2), health: 'true', memoryMib: 128 },
  { name: 'orders-worker', image: 'shop/worker:2.14.1', command: busy(90_000, 5), memoryMib: 128 },
  { name: 'postgres', image: 'postgres:17', command: busy(9000, 1), health: 'true', memoryMib: 256 },
  { name: 'redis-cache', image: 'redis:7.4', command: busy(2500, 1), health: 'true', memoryMib: 32 },
  { name: 'image-resizer', image: 'shop/resizer:0.9.3', command: busy(4000, 2), health: 'false' },
  { name: 'nightly-report', image: 'shop/report:1.3.0', command: 'sleep 100000' },
  { name: 'db-migrate', image: 'shop/migrate:2.14.1', command: 'true' },
];

export interface Scene {
  /** With the key in its fragment. */
  readonly address: string;
  readonly redis: TestRedis;
  readonly engine: TestDocker;
  stop(): Promise<void>;
}

/** Starts everything; resolves when the dashboard can be opened. `nightly-report` is paused. */
export async function startScene(): Promise<Scene> {
  const redis = await startRedis();
  const engine = await startDocker();
  for (const service of SERVICES) await startService(engine, service);
  await engine.docker.getContainer('nightly-report').pause();
  const app = await startProcess(process.execPath, [builtEntry('app')], {
    PORT: '0',
    DATA_DIR: join(await makeFolder('scene'), 'data'),
    API_KEYS: `pictures:${KEY}`,
    REDIS_URL: redis.url,
    DOCKER_HOST: engine.host,
    HOST_NAME: 'shop-01',
  });
  const [, origin = ''] = await app.line(/Pulsewire is live: (\S+)/);
  return {
    address: `${origin}#key=${KEY}`,
    redis,
    engine,
    async stop() {
      await app.stop();
      await engine.docker.getContainer('nightly-report').unpause();
      await engine.stop();
      await redis.stop();
    },
  };
}

async function startService({ docker, run }: TestDocker, service: Service): Promise<void> {
  const { name, image, command, health, memoryMib = 512 } = service;
  const [repo = '', tag = ''] = image.split(':');
  await docker.getImage(TEST_IMAGE).tag({ repo, tag });
  const Healthcheck = { Test: ['CMD', health ?? ''], Interval: 2 * SECOND_NS, Retries: 2 };
  await run(name, ['sh', '-c', command], {
    Image: image,
    HostConfig: { Memory: memoryMib * MIB },
    ...(health === undefined ? {} : { Healthcheck }),
  });
}
