/** The built sentinel as a process of its own. Rules: sentinel/SPEC.md. */
import { uptime } from 'node:os';
import { type Alert, CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startProcess } from '../support/process.js';
import { useRedis } from '../support/redis.js';
import { poll, within } from '../support/within.js';

const NO_DOCKER = { DOCKER_HOST: 'unix:///nonexistent/docker.sock', PORT: '0', LOG_FORMAT: 'json' };

describeWith('redis', 'the sentinel on its own', () => {
  it('SE-72: four mistakes in the environment, all in one message, exit code 2', async () => {
    const sentinel = await startProcess(process.execPath, [builtEntry('sentinel')], {
      SAMPLE_INTERVAL_MS: '3',
      DOCKER_HOST: 'ssh://host',
      ALERT_RULES: 'cpy>90; cpu>101',
    });
    expect((await sentinel.exited).code).toBe(2);
    for (const variable of [
      'SAMPLE_INTERVAL_MS="3"',
      'DOCKER_HOST="ssh://host"',
      'ALERT_RULES=',
      'REDIS_URL',
    ])
      expect(sentinel.output()).toContain(variable);
    expect(sentinel.output()).toContain('at character 1, "cpy"');
    expect(sentinel.output()).toContain('at character 13, "101"');
  });

  it('SE-73: messages that validate on Redis, health over HTTP, and exit code 0 when asked to end', async () => {
    const redis = await useRedis();
    const subscriber = new Redis(redis.url);
    const texts: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      subscriber.on('message', (_channel, text: string) => {
        texts.push(text);
        if (text.includes('"cpu"')) resolve();
      });
    });
    await subscriber.subscribe('system:metrics');
    const sentinel = await startProcess(process.execPath, [builtEntry('sentinel')], {
      ...NO_DOCKER,
      REDIS_URL: redis.url,
    });
    const [, port] = await sentinel.line(/"port":(\d+).*sentinel runs/);
    await within(arrived, 10_000, 'a CPU sample', sentinel.output);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    await sentinel.stop();
    subscriber.disconnect();
    await redis.stop();
    expect(ready.status).toBe(200);
    expect(await ready.text()).toContain('"docker"');
    for (const text of texts) expect(parseBusMessage(text)).toMatchObject({ ok: true });
    expect((await sentinel.exited).code).toBe(0);
  });

  it('SE-41: killed while an alert fires and started again, the alert resolves under the same id', async () => {
    const redis = await useRedis();
    const feed = await followAlerts(redis.url);
    // True for some seconds more: the second process is there when it ends.
    const env = { ...NO_DOCKER, REDIS_URL: redis.url, ALERT_RULES: `uptime<${Math.ceil(uptime()) + 6}` };
    const first = await startProcess(process.execPath, [builtEntry('sentinel')], env);
    const { alert_id } = await feed.next('firing');
    await first.stop('SIGKILL');
    const second = await startProcess(process.execPath, [builtEntry('sentinel')], env);
    await second.line(/alerts of an earlier run/);
    const resolved = await feed.next('resolved');
    await second.stop();
    feed.stop();
    await redis.stop();
    expect(resolved.alert_id).toBe(alert_id);
    expect(feed.alerts.map(({ state }) => state)).toEqual(['firing', 'resolved']);
  });
});

/** Every alert on Redis, in order. */
async function followAlerts(url: string) {
  const subscriber = new Redis(url);
  const alerts: Alert['data'][] = [];
  subscriber.on('message', (_channel, text: string) => {
    const result = parseBusMessage(text);
    if (result.ok && result.message.type === 'alert') alerts.push(result.message.data);
  });
  await subscriber.subscribe(CHANNELS.metrics);
  return {
    alerts,
    next: (wanted: Alert['data']['state']) =>
      poll(() => alerts.find(({ state }) => state === wanted), { what: `an alert that is ${wanted}` }),
    stop: () => subscriber.disconnect(),
  };
}
