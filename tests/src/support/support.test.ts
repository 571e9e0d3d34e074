import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from './describe-with.js';
import { startDocker, type TestDocker } from './docker.js';
import { startRedis } from './redis.js';

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
