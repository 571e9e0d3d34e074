import { once } from 'node:events';
import { access, readFile, readlink } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { launchChromium } from './chromium.js';
import { describeWith } from './describe-with.js';
import { startDocker, type TestDocker } from './docker.js';
import { startProcess } from './process.js';
import { startRedis, type TestRedis, useRedis } from './redis.js';
import { findRequirements } from './requirements.js';
import { openSocket } from './websocket.js';
import { poll } from './within.js';

describeWith('redis-server', 'private Redis', () => {
  it('TS-1: killed and restarted, it comes back on the same port', async () => {
    const redis = await startRedis();
    const { url, pid } = redis;
    await redis.kill();
    await redis.restart();
    expect(redis.url).toBe(url);
    expect(redis.pid).not.toBe(pid);
    await redis.stop();
    expect(() => process.kill(redis.pid, 0)).toThrow('ESRCH');
  });
});

describeWith('redis-server', 'end of a test process', () => {
  it('TS-9: a test process that is told to end, takes its servers and folders with it', async () => {
    const script = `
      import { startRedis } from '${new URL('../../dist/src/support/redis.js', import.meta.url).href}';
      console.log('server', (await startRedis()).pid);
    `;
    const args = ['--input-type=module', '-e', script];
    const child = await startProcess(process.execPath, args, {}, { readyWhen: /^server \d+$/ });
    const [, pid] = await child.line(/^server (\d+)$/);
    const folder = await readlink(`/proc/${pid}/cwd`);
    await child.stop('SIGTERM');
    // Whether something has collected the dead process is not ours to ask: a dead one has no command line.
    const isGone = async () =>
      (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) === '' || undefined;
    expect(await poll(isGone, { what: 'the end of redis-server' })).toBe(true);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});

describeWith('redis-server', 'Redis of somebody else', () => {
  let redis: TestRedis;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
    vi.stubEnv('TEST_REDIS_URL', redis.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    client.disconnect();
    await redis.stop();
  });

  it('TS-8: an empty database, used and left empty', async () => {
    const used = await useRedis();
    expect(used.url).toBe(redis.url);
    await client.set('left', 'behind');
    await used.stop();
    expect(await client.dbsize()).toBe(0);
  });

  it('TS-8: a database with keys, refused and untouched', async () => {
    await client.set('precious', 'data');
    await expect(useRedis()).rejects.toThrow('1 keys');
    expect(await client.get('precious')).toBe('data');
  });
});

describeWith('dockerd', 'private Docker Engine', () => {
  let engine: TestDocker;
  beforeAll(async () => {
    engine = await startDocker();
  });
  afterAll(async () => engine.stop());

  it('TS-2: a container runs, and is still known after the engine was stopped and started', async () => {
    const id = await engine.run('sleeper', ['sleep', '60']);
    const running = await engine.docker.getContainer(id).inspect();
    expect(running.State.Running).toBe(true);
    await engine.stopEngine();
    await engine.startEngine();
    const ended = await engine.docker.getContainer(id).inspect();
    expect(ended.State.Status).toBe('exited');
  });
});

describeWith('chromium', 'Chromium', () => {
  it('TS-3: a page runs its script', async () => {
    const browser = await launchChromium();
    const page = await browser.newPage();
    await page.setContent('<title>x</title><script>document.title = String(6 * 7)</script>');
    expect(await page.title()).toBe('42');
    await browser.close();
  });
});

describe('WebSocket client', () => {
  it('TS-4: messages are found in order, past and future', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      socket.send('{"type":"a","data":{"n":1}}');
      socket.send('{"type":"a","data":{"n":2}}');
      socket.on('message', (bytes) => socket.send(bytes.toString()));
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = await openSocket(`ws://127.0.0.1:${port}/`);
    expect((await client.next(({ type }) => type === 'a')).data['n']).toBe(1);
    expect((await client.next(({ type }) => type === 'a')).data['n']).toBe(2);
    client.send({ type: 'b', data: {} });
    expect((await client.next(({ type }) => type === 'b')).data).toEqual({});
    expect((await client.first(({ type }) => type === 'a')).data['n']).toBe(1);
    await client.close();
    server.close();
  });
});

describe('requirements', () => {
  it('TS-7: named by the environment, used but not killed', () => {
    const env = {
      TEST_REDIS_URL: 'redis://example:1',
      TEST_DOCKER_HOST: 'unix:///e.sock',
      TEST_CHROMIUM: '/e/chrome',
    };
    const named = findRequirements(env);
    const own = findRequirements({});
    expect(named.redis).toEqual({ found: 'redis://example:1' });
    expect(named.docker).toEqual({ found: 'unix:///e.sock' });
    expect(named.chromium).toEqual({ found: '/e/chrome' });
    expect(named['redis-server']).toEqual(own['redis-server']);
    expect(named.dockerd).toEqual(own.dockerd);
  });
});

describe('test process', () => {
  it('TS-5: a line is awaited, and the exit code is told', async () => {
    const child = await startProcess(
      process.execPath,
      ['-e', 'console.log("up"); process.exitCode = 3'],
      {},
      {
        readyWhen: /^up$/,
      },
    );
    expect(await child.exited).toEqual({ code: 3, signal: null });
  });

  it('TS-6: a process that ends without the awaited line fails with its output', async () => {
    const start = startProcess(
      process.execPath,
      ['-e', 'console.error("no such thing")'],
      {},
      { readyWhen: /up/ },
    );
    await expect(start).rejects.toThrow('no such thing');
  });
});
