/** The sentinel beside a real Docker Engine. Rules: sentinel/SPEC.md. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startDocker, type TestDocker } from '../support/docker.js';
import { poll } from '../support/within.js';
import { type WatchedEngine, watchEngine } from './watched.js';

const SLEEP = ['sleep', '1000'];

describeWith('dockerd', 'sentinel and a real Docker Engine', () => {
  let engine: TestDocker;
  let sentinel: WatchedEngine;

  beforeAll(async () => {
    engine = await startDocker();
    await engine.run('before', SLEEP);
    sentinel = await watchEngine(engine.host);
  });
  afterAll(async () => {
    await sentinel?.stop();
    await engine?.stop();
  });

  it('SE-50: a container that runs already is told at the start, in full', async () => {
    const data = await sentinel.status('before', ({ status }) => status === 'running');
    expect(data).toMatchObject({
      image: 'pulsewire-test',
      health: 'none',
      host: 'test-host',
      exit_code: null,
    });
    expect(Date.parse(data.started_at ?? '')).toBeGreaterThan(Date.now() - 120_000);
  });

  it('SE-51: a container that is created and started shows as created, then running', async () => {
    await engine.run('fresh', SLEEP);
    await sentinel.status('fresh', ({ status }) => status === 'running');
    expect(sentinel.statusesOf('fresh')[0]?.status).toBe('created');
  });

  it('SE-51: a paused container shows as paused, and as running when it goes on', async () => {
    const id = await engine.run('pausing', SLEEP);
    await engine.docker.getContainer(id).pause();
    await sentinel.status('pausing', ({ status }) => status === 'paused');
    await engine.docker.getContainer(id).unpause();
    const isRunningAgain = () => sentinel.statusesOf('pausing').at(-1)?.status === 'running' || undefined;
    expect(await poll(isRunningAgain, { what: 'running after the pause' })).toBe(true);
  });

  it('SE-52: a killed container shows as exited with its exit code, and raises one alert', async () => {
    const id = await engine.run('killed', SLEEP);
    await engine.docker.getContainer(id).kill();
    const data = await sentinel.status('killed', ({ status }) => status === 'exited');
    expect(data.exit_code).toBe(137);
    const alert = await sentinel.message(
      'the alert',
      ({ type, data }) => type === 'alert' && data.container === 'killed',
    );
    expect(alert.data).toMatchObject({
      state: 'firing',
      rule: 'container exited',
      value: 137,
      host: 'test-host',
    });
  });

  it('SE-52: a container that ends with code 0 raises no alert', async () => {
    await engine.run('done', ['true']);
    await sentinel.status('done', ({ status, exit_code }) => status === 'exited' && exit_code === 0);
    expect(
      sentinel.messages.filter(({ type, data }) => type === 'alert' && data.container === 'done'),
    ).toEqual([]);
  });

  it('SE-53: a renamed container tells its previous name', async () => {
    const id = await engine.run('old-name', SLEEP);
    await engine.docker.getContainer(id).rename({ name: 'new-name' });
    const data = await sentinel.status('new-name', ({ previous_name }) => previous_name !== undefined);
    expect(data).toMatchObject({ previous_name: 'old-name', status: 'running', id });
  });

  it('SE-54: a removed container is told once more, as removed', async () => {
    const id = await engine.run('leaving', SLEEP);
    await engine.docker.getContainer(id).remove({ force: true });
    const data = await sentinel.status('leaving', ({ removed }) => removed === true);
    expect(data).toMatchObject({ exit_code: 137, id });
  });

  it('SE-55: a failing health check shows as unhealthy', async () => {
    const Healthcheck = {
      Test: ['CMD', 'false'],
      Interval: 1_000_000_000,
      Timeout: 1_000_000_000,
      Retries: 1,
    };
    await engine.run('sick', SLEEP, { Healthcheck });
    expect(await sentinel.status('sick', ({ health }) => health === 'unhealthy')).toMatchObject({
      status: 'running',
    });
  });

  it('SE-60: a running container has CPU and memory samples with its name and unit', async () => {
    await engine.run('busy', ['sh', '-c', 'while true; do :; done']);
    const isBusy = (value: number, name: string | undefined, type: string) =>
      name === 'busy' && type === 'cpu' && value > 20;
    const sample = await sentinel.message(
      'CPU of the busy container',
      ({ type, data }) =>
        type === 'system_metric' && isBusy(data.value, data.meta.container, data.metric_type),
    );
    expect(sample.data).toMatchObject({ source: 'container', meta: { unit: 'percent', host: 'test-host' } });
    const memory = sentinel.messages.find(
      ({ type, data }) => type === 'system_metric' && data.metric_type === 'mem_bytes' && data.value > 0,
    );
    expect(memory).toBeDefined();
  });

  it('SE-56: an engine that stops and comes back is one warning, and everything is told again', async () => {
    const linesBefore = sentinel.log.length;
    await engine.stopEngine();
    await sentinel.status('before', ({ status }) => status === 'exited');
    await poll(() => sentinel.health.report().dependencies['docker']?.status === 'down' || undefined, {
      what: 'down',
    });
    const toldBefore = sentinel.statusesOf('fresh').length;
    await engine.startEngine();
    await poll(() => sentinel.statusesOf('fresh').length > toldBefore || undefined, {
      what: 'the fresh list',
    });
    await engine.docker.getContainer('before').start();
    await poll(() => sentinel.statusesOf('before').at(-1)?.status === 'running' || undefined, {
      what: 'events again',
    });
    expect(sentinel.log.slice(linesBefore)).toEqual([
      { level: 'warn', message: 'docker engine cannot be reached; it is tried again and again' },
      { level: 'info', message: 'docker engine connected' },
    ]);
    expect(sentinel.health.report().dependencies['docker']?.status).toBe('up');
  });
});
