import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startProcess } from '../support/process.js';
import { useRedis } from '../support/redis.js';
import { within } from '../support/within.js';

describeWith('redis', 'the embedded process on Redis', () => {
  it('AP-9: REDIS_URL set, fifty messages on the channel are all valid', async () => {
    const redis = await useRedis();
    const reader = new Redis(redis.url);
    const dataDir = await mkdtemp(join(tmpdir(), 'pulsewire-app-'));
    const payloads: Buffer[] = [];
    const enough = new Promise<void>((resolve) => {
      reader.on('messageBuffer', (_channel, payload: Buffer) => {
        if (payloads.push(payload) === 50) resolve();
      });
    });
    await reader.subscribe(CHANNELS.metrics);
    const env = { PORT: '0', DATA_DIR: dataDir, REDIS_URL: redis.url };
    const app = await startProcess(process.execPath, [builtEntry('app')], env);
    await within(enough, 20_000, 'fifty messages', app.output);
    await app.stop();
    reader.disconnect();
    await redis.stop();
    await rm(dataDir, { recursive: true });
    expect(payloads.map((payload) => parseBusMessage(payload)).filter(({ ok }) => !ok)).toEqual([]);
  });
});
