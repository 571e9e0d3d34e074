import type { ContainerStatus } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { alertNamed, cpuSample } from './bus-recorder.test-support.js';
import { createOutbox, OUTBOX_LIMITS } from './outbox.js';
import { createOutgoingKinds } from './outgoing-kind.js';

function container(name: string, data: Partial<ContainerStatus['data']> = {}): ContainerStatus {
  const time = '2026-01-17T04:30:00Z';
  return { type: 'container_status', data: { container: name, id: name, status: 'running', time, ...data } };
}

describe('what may be lost of what is published', () => {
  it('RT-87: an alert is a transition, a metric a sample, each time', () => {
    const kindOf = createOutgoingKinds();
    const kinds = [alertNamed('a'), alertNamed('a'), cpuSample(1), cpuSample(1)].map(kindOf);
    expect(kinds).toEqual(['transition', 'transition', 'sample', 'sample']);
  });

  it('RT-87: a container told of again with nothing but a new time, is a sample, and any change a transition', () => {
    const kindOf = createOutgoingKinds();
    const told = [
      container('a'),
      container('b'),
      container('a', { time: '2026-01-17T04:30:30Z' }),
      container('a', { status: 'exited', exit_code: 137 }),
      container('a', { status: 'exited', exit_code: 137, time: '2026-01-17T04:31:00Z' }),
      container('a'),
      container('b', { health: 'unhealthy' }),
    ];
    expect(told.map(kindOf)).toEqual([
      'transition',
      'transition',
      'sample',
      'transition',
      'sample',
      'transition',
      'transition',
    ]);
  });

  it('RT-87: a container that was removed, is new when it is told of again', () => {
    const kindOf = createOutgoingKinds();
    const told = [container('a'), container('a', { removed: true }), container('a')];
    expect(told.map(kindOf)).toEqual(['transition', 'transition', 'transition']);
  });

  it('RT-87: a day of 20 containers told of every 30 s during an outage, pushes out no alert', () => {
    const outbox = createOutbox();
    const kindOf = createOutgoingKinds();
    const add = (message: Parameters<typeof kindOf>[0], atMs: number) =>
      outbox.add('system:metrics', JSON.stringify(message), kindOf(message), atMs);
    add(alertNamed('first'), 0);
    for (let atMs = 0; atMs < 86_400_000; atMs += 30_000)
      for (let index = 0; index < 20; index += 1) add(container(`c${index}`, { time: `${atMs}` }), atMs);
    expect(outbox.dropped.transitions).toBe(0);
    const kept = outbox.batch(OUTBOX_LIMITS.transitions, 86_400_000);
    expect(kept.filter(({ kind }) => kind === 'transition')).toHaveLength(21);
    expect(kept[0]?.payload).toContain('first');
  });
});
