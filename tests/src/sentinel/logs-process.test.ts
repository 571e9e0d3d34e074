/** Twenty writing containers, a sentinel that is killed, an engine that is restarted. Rules: sentinel/SPEC.md. */
import { createRedisBus, silentLogger } from '@pulsewire/runtime';
import { expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startDocker, type TestDocker } from '../support/docker.js';
import { makeFolder, startProcess } from '../support/process.js';
import { startRedis } from '../support/redis.js';
import { pause, poll } from '../support/within.js';
import { type LogReader, readLogs } from './support/log-reader.js';

const CONTAINERS = 20;
/** Each container writes so many lines in a burst, five bursts a second: 500 lines a second of all together. */
const BURST = 5;
const WRITER = `i=0; while :; do for k in 1 2 3 4 5; do i=$((i+1)); echo line $i; done; sleep 0.2; done`;
const names = Array.from({ length: CONTAINERS }, (_, i) => `writer-${i + 1}`);

describeWith(['dockerd', 'redis-server'], 'every line of twenty containers', () => {
  it('SE-112, SE-113: the sentinel killed and stopped, the engine restarted, every line once and in order', async () => {
    const engine = await startDocker();
    const redis = await startRedis();
    const bus = createRedisBus({ url: redis.url, name: 'test', logger: silentLogger });
    const logs = readLogs(bus);
    await poll(() => bus.state.status === 'up' || undefined, { what: 'the bus' });
    const stateDir = await makeFolder('state');
    const start = () =>
      startProcess(process.execPath, [builtEntry('sentinel')], {
        DOCKER_HOST: engine.host,
        REDIS_URL: redis.url,
        STATE_DIR: stateDir,
        PORT: '0',
        LOG_FORMAT: 'json',
      });

    let sentinel = await start();
    await sentinel.line(/docker engine connected/);
    for (const name of names) await engine.run(name, ['sh', '-c', WRITER]);
    await allReach(logs, 100);
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      await sentinel.stop(signal);
      await pause(500);
      sentinel = await start();
      await allReach(logs, 100);
    }
    await restartEngine(engine);
    await allReach(logs, 100);
    for (const name of names) await engine.docker.getContainer(name).stop({ t: 0 });
    const written = new Map<string, string[]>();
    for (const name of names) written.set(name, await readAll(engine, name));
    const isComplete = () => names.every((name) => logs.of(name).length >= (written.get(name)?.length ?? 0));
    await poll(() => isComplete() || undefined, { what: 'the last lines', timeoutMs: 30_000 }).catch(
      () => {},
    );

    for (const name of names) expect(logs.texts(name)).toEqual(written.get(name));
    await sentinel.stop();
    await bus.stop();
    await redis.stop();
    await engine.stop();
  });
});

/** Every container has so many lines more than now. */
async function allReach(logs: LogReader, lines: number): Promise<void> {
  const goals = new Map(names.map((name) => [name, logs.of(name).length + lines]));
  const reached = () => names.every((name) => logs.of(name).length >= (goals.get(name) ?? 0));
  const what = `${lines} more lines (${BURST * 5} a second) of each container`;
  await poll(() => reached() || undefined, { what, timeoutMs: 60_000, everyMs: 100 });
}

async function restartEngine(engine: TestDocker): Promise<void> {
  await engine.stopEngine();
  await engine.startEngine();
  for (const name of names) await engine.docker.getContainer(name).start();
}

/** What the engine itself has, read in one go. */
async function readAll(engine: TestDocker, name: string): Promise<string[]> {
  const container = engine.docker.getContainer(name);
  const frames = (await container.logs({ follow: false, stdout: true, stderr: true })) as unknown as Buffer;
  const texts: string[] = [];
  for (let at = 0; at < frames.length; at += 8 + frames.readUInt32BE(at + 4))
    texts.push(frames.toString('utf8', at + 8, at + 8 + frames.readUInt32BE(at + 4)).replace(/\n$/, ''));
  return texts;
}
