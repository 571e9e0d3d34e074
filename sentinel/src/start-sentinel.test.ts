import {
  createHealth,
  createManualClock,
  createMemoryBus,
  createMetrics,
  type ManualClock,
  type MemoryBus,
  readConfig,
  silentLogger,
} from '@pulsewire/runtime';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { describe, expect, it } from 'vitest';
import { sentinelSettings } from './settings.js';
import { startSentinel } from './start-sentinel.js';
import { createRuns } from './test-support/runs.js';
import { settle } from './test-support/settle.js';

async function setUp(env: Record<string, string> = {}, earlier?: { clock: ManualClock; bus: MemoryBus }) {
  const clock = earlier?.clock ?? createManualClock();
  const bus = earlier?.bus ?? createMemoryBus({ clock });
  const messages: BusMessage[] = [];
  bus.subscribe({
    channels: [CHANNELS.metrics],
    onMessage({ bytes }) {
      const result = parseBusMessage(bytes);
      if (!result.ok) throw new Error(result.error.message);
      messages.push(result.message);
    },
  });
  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  const health = createHealth();
  const settings = readConfig(
    { HOST_NAME: 'web-1', DOCKER_HOST: 'unix:///nonexistent/docker.sock', ...env },
    sentinelSettings,
  );
  const sentinel = await startSentinel({ bus, settings, logger: silentLogger, metrics, health, clock });
  await settle();
  const alerts = () => messages.filter((message) => message.type === 'alert').map(({ data }) => data);
  return { clock, bus, messages, alerts, metrics, health, sentinel };
}

describe('the sentinel as a whole', () => {
  it('SE-20: a tick, valid messages of this host with their unit and the time of the tick', async () => {
    const { clock, messages, sentinel } = await setUp();
    clock.advance(1000);
    await sentinel.stop();
    const memory = messages.filter(
      ({ type, data }) => type === 'system_metric' && data.metric_type === 'mem',
    );
    expect(memory.map(({ data }) => data)).toMatchObject([
      { time: '2026-01-17T04:30:00.000Z', source: 'host', meta: { unit: 'percent', host: 'web-1' } },
      { time: '2026-01-17T04:30:01.000Z', source: 'host', meta: { unit: 'percent', host: 'web-1' } },
    ]);
  });

  it('SE-33: a rule that is true, its alert is on the same channel', async () => {
    const { messages, sentinel } = await setUp({ ALERT_RULES: 'mem>=0' });
    await sentinel.stop();
    expect(messages.filter(({ type }) => type === 'alert')).toHaveLength(1);
  });

  it('SE-41: ended while an alert fires and started again, it goes on in silence', async () => {
    const first = await setUp({ ALERT_RULES: 'mem>=0' });
    await first.sentinel.stop();
    const second = await setUp({ ALERT_RULES: 'mem>=0' }, first);
    second.clock.advance(1000);
    await second.sentinel.stop();
    expect(first.alerts()).toMatchObject([{ state: 'firing' }]);
    expect(second.alerts()).toEqual([]);
    expect(second.health.report().facts).toMatchObject({ alerts_firing: 1 });
  });

  it('SE-41: ended while an alert fires, the first value that is well resolves it under its id', async () => {
    const { clock, bus } = await setUp();
    const runs = createRuns('load1>100000');
    runs.adopt();
    runs.read([{ source: 'host', metricType: 'load1', value: 100_001 }], 'load');
    for (const alert of runs.alerts) bus.publish(CHANNELS.metrics, alert);
    const { alerts, sentinel } = await setUp({ ALERT_RULES: 'load1>100000' }, { clock, bus });
    clock.advance(1000);
    await sentinel.stop();
    const [firing] = runs.alerts;
    expect(alerts()).toMatchObject([{ alert_id: firing?.data.alert_id, state: 'resolved' }]);
  });

  it('SE-70: an absent engine is named, and the sentinel is ready all the same', async () => {
    const { health, sentinel } = await setUp();
    const { ready, dependencies, facts } = health.report();
    await sentinel.stop();
    expect(ready).toBe(true);
    expect(dependencies['docker']?.status).toBe('down');
    expect(facts).toMatchObject({ memory_stale_s: 0, alerts_firing: 0, containers: 0 });
  });

  it('SE-71: what was published and read is counted', async () => {
    const { clock, metrics, sentinel } = await setUp();
    clock.advance(1000);
    const text = await metrics.metrics();
    await sentinel.stop();
    expect(text).toMatch(/pulsewire_sentinel_published_total\{type="system_metric",process="test"\} [1-9]/);
    expect(text).toMatch(/pulsewire_sentinel_collect_seconds_count\{[^}]*collector="memory"[^}]*\} 2/);
    expect(text).toContain('pulsewire_sentinel_stale_seconds');
  });
});
