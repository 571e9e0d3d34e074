/** The gateway as a process of its own, as it is built. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLOSE_CODES, STREAM_PATH } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { makeFolder, startProcess } from '../support/process.js';
import { startRedis } from '../support/redis.js';
import { openSocket } from '../support/websocket.js';
import { KEY } from './support/gateway.js';

const OTHER_KEY = 'other-key-0123456789';

describe('the gateway process', () => {
  it('GW-94: everything wrong, every mistake in one message and exit code 2', async () => {
    const gateway = await startProcess('node', [builtEntry('ws-gateway')], {
      PORT: '99999',
      MAX_CLIENTS: '0',
      API_KEYS: 'short:key',
      API_KEYS_FILE: '/none/such',
      GATEWAY_ENGINE: 'fast',
    });
    expect(await gateway.exited).toEqual({ code: 2, signal: null });
    for (const variable of [
      'PORT',
      'MAX_CLIENTS',
      'API_KEYS',
      'API_KEYS_FILE',
      'GATEWAY_ENGINE',
      'REDIS_URL',
    ])
      expect(gateway.output()).toMatch(new RegExp(`^  ${variable}[:=]`, 'm'));
  });
});

describeWith('redis-server', 'the gateway process on Redis', () => {
  it('GW-92: SIGTERM, clients are told 1012 and the exit code is 0', async () => {
    const redis = await startRedis();
    const port = await freePort();
    const gateway = await startProcess(
      'node',
      [builtEntry('ws-gateway')],
      { PORT: String(port), REDIS_URL: redis.url, API_KEYS: `tests:${KEY}`, LOG_FORMAT: 'json' },
      { readyWhen: /the gateway is listening/ },
    );
    const client = await openSocket(`ws://127.0.0.1:${port}${STREAM_PATH}`, {
      headers: { 'x-api-key': KEY },
    });
    await client.first(({ type }) => type === 'hello');
    const exit = await gateway.stop('SIGTERM');
    expect([exit.code, (await client.closed).code]).toEqual([0, CLOSE_CODES.serviceRestart]);
    expect(gateway.output()).not.toContain(KEY);
    await redis.stop();
  });

  it('GW-109: fewer open files than MAX_CLIENTS, the log says so and clients are served', async () => {
    const redis = await startRedis();
    const port = await freePort();
    const gateway = await startProcess(
      'sh',
      ['-c', 'ulimit -n 256 && exec node "$0"', builtEntry('ws-gateway')],
      {
        PORT: String(port),
        REDIS_URL: redis.url,
        API_KEYS: `tests:${KEY}`,
        MAX_CLIENTS: '1000',
        LOG_FORMAT: 'json',
      },
      { readyWhen: /the gateway is listening/ },
    );
    await gateway.line(/"max_clients":1000,"clients_allowed":192,/);
    const client = await openSocket(`ws://127.0.0.1:${port}${STREAM_PATH}`, {
      headers: { 'x-api-key': KEY },
    });
    await client.first(({ type }) => type === 'hello');
    await gateway.stop('SIGTERM');
    await redis.stop();
  });

  it('GW-25: a key leaves the file, SIGHUP, its client is closed with 4401 and another stays', async () => {
    const redis = await startRedis();
    const port = await freePort();
    const file = join(await makeFolder('keys'), 'keys');
    await writeFile(file, `one:${KEY}\ntwo:${OTHER_KEY}\n`);
    const gateway = await startProcess(
      'node',
      [builtEntry('ws-gateway')],
      { PORT: String(port), REDIS_URL: redis.url, API_KEYS_FILE: file, LOG_FORMAT: 'json' },
      { readyWhen: /the gateway is listening/ },
    );
    const open = (key: string) =>
      openSocket(`ws://127.0.0.1:${port}${STREAM_PATH}`, { headers: { 'x-api-key': key } });
    const [one, two] = [await open(KEY), await open(OTHER_KEY)];
    await writeFile(file, `two:${OTHER_KEY}\n`);
    gateway.signal('SIGHUP');
    expect((await one.closed).code).toBe(CLOSE_CODES.keyRevoked);
    two.send({ type: 'ping', data: { t: 1 } });
    expect((await two.first(({ type }) => type === 'pong')).data['t']).toBe(1);
    expect((await gateway.stop('SIGTERM')).code).toBe(0);
    await redis.stop();
  });
});
