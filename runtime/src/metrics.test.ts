import { describe, expect, it } from 'vitest';
import { createBusMetrics } from './bus/bus-metrics.js';
import { counter, createMetrics, gauge, histogram } from './metrics.js';

describe('metrics', () => {
  it('RT-45: every name, has the prefix, and every value the process label', async () => {
    const registry = createMetrics({ process: 'test' });
    counter(registry, 'things_total', 'Things.', ['kind']).inc({ kind: 'a' });
    gauge(registry, 'level', 'Level.', () => 7);
    histogram(registry, 'wait_seconds', 'Wait.', { buckets: [1] }).observe(0.5);
    const text = await registry.metrics();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names.filter((name) => !name?.startsWith('pulsewire_'))).toEqual([]);
    expect(text).toContain('pulsewire_things_total{kind="a",process="test"} 1');
    expect(text).toContain('pulsewire_level{process="test"} 7');
  });

  it('RT-46: metrics of a bus, tell state, queue, drops and traffic', async () => {
    const registry = createMetrics({ process: 'test', runtimeMetrics: false });
    const readings = { up: () => false, queued: () => 4, dropped: () => ({ samples: 2, transitions: 1 }) };
    const metrics = createBusMetrics(registry, readings);
    metrics.published(3);
    metrics.duplicate();
    const text = await registry.metrics();
    for (const line of ['bus_up 0', 'bus_queued 4', 'bus_dropped_samples 2', 'bus_dropped_transitions 1'])
      expect(text).toContain(`pulsewire_${line.replace(' ', '{process="test"} ')}`);
    expect(text).toContain('pulsewire_bus_published_total{process="test"} 3');
    expect(text).toContain('pulsewire_bus_duplicates_total{process="test"} 1');
  });
});
