/** The API as a process of its own. Rules: api/SPEC.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRedisBus, silentLogger } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import type { InfraStatus } from '@pulsewire/shared-schema/rest';
import { migrate, openDatabase } from '@pulsewire/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startPostgres } from '../support/postgres.js';
import { makeFolder, startProcess, type TestProcess } from '../support/process.js';
import { startRedis } from '../support/redis.js';
import { poll } from '../support/within.js';
import { ask, KEY } from './api-rig.js';
import { metric } from './past.js';

const FILE_KEY = 'a-key-of-the-file';
const LATER_KEY = 'a-key-that-comes-later';

describeWith(['postgresql-server', 'redis-server'], 'the API as a process', () => {
  const stops: (() => Promise<unknown>)[] = [];
  let api: TestProcess;
  let base: string;
  let redisUrl: string;
  let keysFile: string;
  beforeAll(async () => {
    const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    stops.push(
      () => redis.stop(),
      () => postgres.stop(),
    );
    const database = openDatabase({ url: postgres.url, name: 'test', logger: silentLogger });
    await database.ready;
    await migrate(database);
    await database.stop();
    redisUrl = redis.url;
    keysFile = join(await makeFolder('api-keys'), 'keys');
    writeFileSync(keysFile, `first:${FILE_KEY}\n`);
    api = await startProcess(process.execPath, builtCommand('api'), {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      API_KEYS: `all:${KEY}`,
      API_KEYS_FILE: keysFile,
      PORT: '0',
      LOG_FORMAT: 'json',
    });
    stops.push(() => api.stop());
    const [, port] = await api.line(/"port":(\d+).*the API is listening/);
    base = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it('API-40: health, names bus and database, and is ready when the database answers', async () => {
    await poll(async () => ((await fetch(`${base}/readyz`)).status === 200 ? true : undefined), {
      what: 'ready',
    });
    const report = (await (await fetch(`${base}/readyz`)).json()) as { dependencies: object };
    expect(Object.keys(report.dependencies).sort()).toEqual(['bus', 'database']);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });

  it('API-40: metrics, count what was answered', async () => {
    await ask(`${base}/api/metrics/series`);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toMatch(/pulsewire_api_requests_total\{route="series",status="\d+",process="api"\} 1/);
  });

  it('API-30: what others publish to Redis, is the answer', async () => {
    const bus = createRedisBus({ url: redisUrl, name: 'test', logger: silentLogger });
    await busIs(bus, 'up');
    bus.publish(CHANNELS.metrics, metric('cpu', Date.now(), 12));
    const body = await poll(
      async () => {
        const answer = await ask<InfraStatus>(`${base}/api/admin/infra/status`);
        return answer.status === 200 ? answer.body : undefined;
      },
      { what: 'the machine' },
    );
    expect(body.host.cpu).toBe(12);
    await bus.stop();
  });

  it('API-41: a key that leaves the file, is refused soon; the new one and that of API_KEYS are good', async () => {
    const statusOf = async (key: string) => (await ask(`${base}/api/metrics/series`, key)).status;
    expect([await statusOf(FILE_KEY), await statusOf(LATER_KEY)]).toEqual([200, 401]);
    writeFileSync(keysFile, `later:${LATER_KEY}\n`);
    await poll(async () => ((await statusOf(LATER_KEY)) === 200 ? true : undefined), {
      what: 'the new key',
      everyMs: 500,
    });
    expect([await statusOf(FILE_KEY), await statusOf(KEY)]).toEqual([401, 200]);
  });

  it('API-40: SIGTERM, ends it with 0', async () => {
    expect(await api.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('an API with a wrong configuration', () => {
  it('API-40: every mistake, in one message with exit code 2', async () => {
    const bad = {
      PORT: '70000',
      ALLOWED_ORIGINS: 'no origin',
      DATABASE_URL: 'mysql://x/y',
      TRUSTED_PROXIES: 'localhost',
      API_KEYS: 'a:short',
    };
    const run = await startProcess(process.execPath, builtCommand('api'), bad);
    expect(await run.exited).toEqual({ code: 2, signal: null });
    const named = [...Object.keys(bad), 'REDIS_URL'].filter((name) => run.output().includes(`  ${name}`));
    expect(named).toEqual([...Object.keys(bad), 'REDIS_URL']);
  });
});
