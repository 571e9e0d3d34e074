import type { SystemMetric } from '@pulsewire/shared-schema';
import { findAnswerMistake } from '@pulsewire/shared-schema/rest-answer';
import { describe, expect, it } from 'vitest';
import { deriveInfraStatus } from './infra-status.js';
import type { NewestMessage } from './newest.js';

const NOW_MS = Date.parse('2026-01-17T04:30:40Z');
const FRESH = '2026-01-17T04:30:39Z';
const OLD = '2026-01-17T04:30:00Z';
const LIMITS = { staleMs: 30_000, containerStaleMs: 75_000 };

function metric(data: Partial<SystemMetric['data']> & { metric_type: string }): SystemMetric {
  const usual = { time: FRESH, value: 1, source: 'host', meta: { host: 'a' } } as const;
  return { type: 'system_metric', data: { ...usual, ...data } };
}

function ofContainer(metricType: string, value: number, time = FRESH): SystemMetric {
  const meta = { host: 'a', container: 'web' };
  return metric({ metric_type: metricType, value, source: 'container', meta, time });
}

function status(status: 'running' | 'exited', time = FRESH): NewestMessage {
  return { type: 'container_status', data: { container: 'web', host: 'a', status, time } };
}

const derive = (...messages: NewestMessage[]) =>
  deriveInfraStatus(messages, { nowMs: NOW_MS, limits: LIMITS, origin: 'live' });

describe('the infrastructure panel', () => {
  it('API-30: values of a host, are under the names of the contract', () => {
    const names = { cpu: 'cpu', mem: 'memory', disk: 'disk', uptime: 'uptime_s' };
    const values = Object.keys(names).map((name, i) => metric({ metric_type: name, value: i }));
    expect(derive(...values).host).toMatchObject({ name: 'a', cpu: 0, memory: 1, disk: 2, uptime_s: 3 });
  });

  it('API-30: values of one mount or core, are not taken for those of the machine', () => {
    const core = metric({ metric_type: 'cpu', value: 99, meta: { host: 'a', core: 0 } });
    const mount = metric({ metric_type: 'disk', value: 99, meta: { host: 'a', mount: '/' } });
    expect(derive(metric({ metric_type: 'cpu', value: 5 }), core, mount).host).toMatchObject({
      cpu: 5,
      disk: null,
    });
  });

  it('API-30: several hosts, come in order of their names, and the first is the host', () => {
    const other = metric({ metric_type: 'cpu', meta: { host: 'b' } });
    const answer = derive(other, metric({ metric_type: 'cpu' }));
    expect([answer.hosts.map(({ name }) => name), answer.host.name]).toEqual([['a', 'b'], 'a']);
  });

  it('API-30: collected_at, is the time of the newest of all', () => {
    expect(derive(metric({ metric_type: 'cpu', time: OLD }), status('running')).collected_at).toBe(FRESH);
  });

  it('API-31: value that is old, is marked', () => {
    const { host } = derive(metric({ metric_type: 'cpu', time: OLD }), metric({ metric_type: 'mem' }));
    expect([host.cpu, host.memory, host.stale_fields]).toEqual([1, 1, ['cpu']]);
  });

  it('API-31: value whose collector hangs, is marked', () => {
    const { host } = derive(metric({ metric_type: 'disk', meta: { host: 'a', stale_s: 5 } }));
    expect(host.stale_fields).toEqual(['disk']);
  });

  it('API-31: container that runs, has its values', () => {
    const values = [ofContainer('cpu', 12), ofContainer('mem', 3), ofContainer('mem_bytes', 1024)];
    expect(derive(status('running'), ...values).containers).toEqual([
      expect.objectContaining({ cpu_percent: 12, mem_percent: 3, mem_bytes: 1024, stale: false }),
    ]);
  });

  it.each([
    ['exited', status('exited'), ofContainer('cpu', 12)],
    ['whose values are old', status('running'), ofContainer('cpu', 12, OLD)],
  ])('API-31: container %s, has none', (_what, ...messages) => {
    expect(derive(...messages).containers[0]?.cpu_percent).toBeNull();
  });

  it('API-31: container and database not heard of lately, are marked', () => {
    const long = '2026-01-17T04:29:00Z';
    const database = { name: 'db', kind: 'redis', status: 'up', latency_ms: 1, time: long } as const;
    const answer = derive(status('running', long), { type: 'database_status', data: database });
    expect([answer.containers[0]?.stale, answer.databases[0]?.stale]).toEqual([true, true]);
  });

  it('API-27: panel with everything in it, fits its schema', () => {
    expect(
      findAnswerMistake('infraStatus', derive(metric({ metric_type: 'cpu' }), status('running'))),
    ).toBeNull();
  });
});
