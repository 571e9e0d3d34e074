import type { ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { createNewest } from './newest.js';

const DAY_MS = 86_400_000;
const TIME = '2026-01-17T04:30:00Z';

function metric(metricType: string, value: number): SystemMetric {
  const data = { time: TIME, metric_type: metricType, value, source: 'host', meta: { host: 'a' } } as const;
  return { type: 'system_metric', data };
}

function container(name: string, more: Partial<ContainerStatus['data']> = {}): ContainerStatus {
  return { type: 'container_status', data: { container: name, status: 'running', time: TIME, ...more } };
}

function namesAfter(...messages: ContainerStatus[]): string[] {
  const newest = createNewest();
  for (const message of messages) newest.note(message, 0);
  return newest.messages().flatMap(({ type, data }) => (type === 'container_status' ? [data.container] : []));
}

describe('the newest messages', () => {
  it('API-30: a series that is told again, has its newest value only', () => {
    const newest = createNewest();
    newest.note(metric('cpu', 1), 0);
    newest.note(metric('cpu', 2), 1);
    expect(newest.messages()).toEqual([metric('cpu', 2)]);
  });

  it('API-32: a container that was removed, is gone', () => {
    expect(namesAfter(container('web', { id: '1' }), container('web', { id: '1', removed: true }))).toEqual(
      [],
    );
  });

  it('API-32: a container that was removed after another one took its name, leaves that one', () => {
    const made = container('web', { id: '2' });
    expect(
      namesAfter(container('web', { id: '1' }), made, container('web', { id: '1', removed: true })),
    ).toEqual(['web']);
  });

  it('API-32: a container that was renamed, has its new name only', () => {
    expect(namesAfter(container('old'), container('new', { previous_name: 'old' }))).toEqual(['new']);
  });

  it('API-34: more series than are remembered, the one that was not told for longest is forgotten', () => {
    const newest = createNewest(2);
    for (const name of ['cpu', 'mem', 'cpu', 'disk']) newest.note(metric(name, 1), 0);
    expect(newest.messages().map(({ data }) => 'metric_type' in data && data.metric_type)).toEqual([
      'cpu',
      'disk',
    ]);
  });

  it('API-34: a series that was not told for a day, is forgotten', () => {
    const newest = createNewest();
    newest.note(metric('cpu', 1), 0);
    newest.note(metric('mem', 1), DAY_MS + 1);
    expect(newest.messages()).toEqual([metric('mem', 1)]);
  });
});
