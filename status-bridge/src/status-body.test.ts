import type { ContainerState, LatestValue } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { deriveStatus } from './status-body.js';

const NOW = Date.UTC(2026, 0, 19, 6, 20);

function value(host: string | null, metricType: string, is: number, over: object = {}): LatestValue {
  const { ageMs = 0, staleMs = 0, ...series } = over as { ageMs?: number; staleMs?: number };
  return {
    series: {
      id: 1,
      key: 'k',
      metricType,
      source: 'host',
      host,
      container: null,
      mount: null,
      core: null,
      unit: 'percent',
      firstSeenMs: 0,
      lastSeenMs: 0,
      ...series,
    },
    timeMs: NOW - ageMs,
    value: is,
    staleMs,
  };
}

function container(over: Partial<ContainerState> = {}): ContainerState {
  return {
    name: 'api-server',
    host: 'a1',
    id: null,
    image: null,
    status: 'running',
    health: 'healthy',
    exitCode: null,
    startedAtMs: null,
    lastSeenMs: NOW,
    statusSinceMs: NOW,
    removed: false,
    ...over,
  };
}

const A1 = [value('a1', 'cpu', 45.2), value('a1', 'mem', 62.1), value('a1', 'disk', 12.5)];

describe('status body', () => {
  it('SB-1: the example of the specification, its body', () => {
    const last = '2026-01-19T06:20:00.000Z';
    const figures = { cpu: 45.2, memory: 62.1, disk: 12.5, last_updated: last, stale_fields: [] };
    expect(deriveStatus({ latest: A1, containers: [container()] }, NOW)).toEqual({
      infrastructure: figures,
      services: [
        {
          name: 'api-server',
          status: 'running',
          uptime_val: 1,
          last_seen: last,
          host: 'a1',
          health: 'healthy',
          stale: false,
        },
      ],
      stale: false,
      hosts: [{ host: 'a1', ...figures, stale: false }],
    });
  });

  it.each(['exited', 'paused', 'restarting', 'created', 'dead', 'removing'] as const)(
    'SB-1: a container that is %s, uptime_val 0',
    (status) => {
      const { services } = deriveStatus({ latest: [], containers: [container({ status })] }, NOW);
      expect(services[0]).toMatchObject({ status, uptime_val: 0 });
    },
  );

  it('SB-2: single cores, mounts and other metrics, left out', () => {
    const others = [
      value('a1', 'cpu', 99, { core: 0 }),
      value('a1', 'disk', 99, { mount: '/data' }),
      value('a1', 'load1', 99),
    ];
    expect(deriveStatus({ latest: [...others, ...A1], containers: [] }, NOW).infrastructure).toMatchObject({
      cpu: 45.2,
      disk: 12.5,
    });
  });

  it('SB-2: an empty database, nulls and stale', () => {
    expect(deriveStatus({ latest: [], containers: [] }, NOW)).toEqual({
      infrastructure: { cpu: null, memory: null, disk: null, last_updated: null, stale_fields: [] },
      services: [],
      stale: true,
      hosts: [],
    });
  });

  it('SB-3: two hosts, each by name and the highest of each figure', () => {
    const b1 = [value('b1', 'cpu', 80), value('b1', 'mem', 10)];
    const { infrastructure, hosts } = deriveStatus({ latest: [...b1, ...A1], containers: [] }, NOW);
    expect(infrastructure).toMatchObject({ cpu: 80, memory: 62.1, disk: 12.5 });
    expect(hosts.map(({ host, cpu, disk }) => [host, cpu, disk])).toEqual([
      ['a1', 45.2, 12.5],
      ['b1', 80, null],
    ]);
  });

  it('SB-3: a host that went away, told as stale and without weight', () => {
    const gone = value('b1', 'cpu', 99, { ageMs: 60_000 });
    const { infrastructure, hosts, stale } = deriveStatus({ latest: [...A1, gone], containers: [] }, NOW);
    expect(infrastructure.cpu).toBe(45.2);
    expect([stale, hosts[1]?.stale]).toEqual([false, true]);
  });

  it('SB-3: samples that name no host, a host without name', () => {
    const { hosts } = deriveStatus({ latest: [value(null, 'cpu', 5)], containers: [] }, NOW);
    expect(hosts).toMatchObject([{ host: null, cpu: 5 }]);
  });

  it('SB-4: thirty seconds old, not yet stale; a millisecond more, stale', () => {
    const at = (nowMs: number) => deriveStatus({ latest: A1, containers: [] }, nowMs).stale;
    expect([at(NOW + 30_000), at(NOW + 30_001)]).toEqual([false, true]);
  });

  it('SB-7: a figure that is old beside fresh ones, named; nothing else is', () => {
    const late = [value('a1', 'cpu', 45.2), value('a1', 'disk', 12.5, { ageMs: 30_001 })];
    const { infrastructure, hosts, stale } = deriveStatus({ latest: late, containers: [] }, NOW);
    expect([infrastructure.stale_fields, hosts[0]?.stale_fields, stale]).toEqual([['disk'], ['disk'], false]);
  });

  it('SB-7: a collector that hangs and has its last value sent again, named', () => {
    const hung = [value('a1', 'cpu', 45.2), value('a1', 'disk', 12.5, { staleMs: 40_000 })];
    expect(deriveStatus({ latest: hung, containers: [] }, NOW).infrastructure).toMatchObject({
      disk: 12.5,
      stale_fields: ['disk'],
    });
  });

  it('SB-7: an old figure of one host and a fresh one of another, the fresh one', () => {
    const latest = [...A1, value('b1', 'cpu', 10), value('b1', 'disk', 99, { ageMs: 40_000 })];
    const { infrastructure, hosts } = deriveStatus({ latest, containers: [] }, NOW);
    expect([infrastructure.disk, infrastructure.stale_fields, hosts[1]?.stale_fields]).toEqual([
      12.5,
      [],
      ['disk'],
    ]);
  });

  it('SB-3: a host whose clock is ahead, the others count all the same', () => {
    const ahead = value('b1', 'cpu', 10, { ageMs: -3_600_000 });
    expect(deriveStatus({ latest: [...A1, ahead], containers: [] }, NOW).infrastructure.cpu).toBe(45.2);
  });

  it('SB-4: a service not heard of for over 90 s, stale', () => {
    const containers = [container({ lastSeenMs: NOW - 90_001 }), container({ lastSeenMs: NOW - 90_000 })];
    const { services } = deriveStatus({ latest: A1, containers }, NOW);
    expect(services.map(({ stale }) => stale)).toEqual([true, false]);
  });
});
