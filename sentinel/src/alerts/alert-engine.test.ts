import type { Alert, ContainerStatus } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../sample.js';
import { createAlertEngine } from './alert-engine.js';
import { parseAlertRules } from './rule-grammar.js';

const START_MS = Date.UTC(2026, 0, 17, 4, 30);

function setUp(rules: string, host = 'web-1') {
  const engine = createAlertEngine({ rules: parseAlertRules(rules), host, maxGapMs: 10_000 });
  const read = (second: number, samples: Sample[], origin = 'cpu') =>
    engine.observeBatch({ origin, timeMs: START_MS + second * 1000, samples });
  const see = (second: number, data: Partial<ContainerStatus['data']>) =>
    engine.observeStatus(
      { container: 'api', id: 'c1', status: 'running', time: '2026-01-17T04:30:00.000Z', ...data },
      START_MS + second * 1000,
    );
  return { engine, read, see };
}

const cpu = (value: number, staleMs?: number): Sample => ({
  source: 'host',
  metricType: 'cpu',
  value,
  ...(staleMs === undefined ? {} : { staleMs }),
});
const disk = (mount: string | undefined, value: number): Sample => ({
  source: 'host',
  metricType: 'disk',
  value,
  ...(mount === undefined ? {} : { mount }),
});
const says = (alerts: readonly Alert[]) =>
  alerts.map(({ data }) => `${data.state} ${data.mount ?? data.container ?? ''}`.trim());

describe('alerts about numbers', () => {
  it('SE-33: firing and resolved share an id, and the next firing has another', () => {
    const { read } = setUp('cpu>90 clear 80');
    const ids = [95, 70, 95].flatMap((value, second) =>
      read(second, [cpu(value)]).map(({ data }) => data.alert_id),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('SE-33: the message holds what a person needs', () => {
    const { read } = setUp('cpu>90 for 2s clear 80 critical');
    const alerts = [0, 1, 2].flatMap((second) => read(second, [cpu(95)]));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.data).toMatchObject({
      rule: 'cpu>90 for 2s clear 80 critical',
      severity: 'critical',
      value: 95,
      threshold: 90,
      host: 'web-1',
      time: '2026-01-17T04:30:02.000Z',
      started_at: '2026-01-17T04:30:00.000Z',
      message: 'cpu is 95.0 %, >90 for 2s, on web-1',
    });
  });

  it('SE-36: stale values neither fire nor resolve', () => {
    const { read } = setUp('cpu>90');
    expect(read(0, [cpu(99, 5000)])).toEqual([]);
    read(1, [cpu(99)]);
    expect(read(2, [cpu(5, 5000)])).toEqual([]);
    expect(says(read(3, [cpu(5)]))).toEqual(['resolved']);
  });

  it('SE-35: each mount has its own alert, the summary none', () => {
    const { read } = setUp('disk>90');
    const alerts = read(0, [disk(undefined, 99), disk('/', 95), disk('/data', 99), disk('/ok', 10)], 'disk');
    expect(says(alerts)).toEqual(['firing /', 'firing /data']);
    expect(new Set(alerts.map(({ data }) => data.alert_id)).size).toBe(2);
  });

  it('SE-39: an unmounted file system, its alert resolves', () => {
    const { read } = setUp('disk>90');
    read(0, [disk('/', 50), disk('/usb', 99)], 'disk');
    const [alert] = read(1, [disk('/', 50)], 'disk');
    expect(alert?.data).toMatchObject({
      state: 'resolved',
      mount: '/usb',
      message: 'disk /usb is not there any more on web-1',
    });
  });

  it('SE-39: a collector without any value, nothing is gone', () => {
    const { read, engine } = setUp('disk>90');
    read(0, [disk('/', 99)], 'disk');
    expect(read(1, [], 'disk')).toEqual([]);
    expect(engine.firing).toBe(1);
  });

  it('SE-35: a rule about containers does not look at the host, nor the other way round', () => {
    const { read } = setUp('container cpu>90');
    expect(read(0, [cpu(99)])).toEqual([]);
    const sample: Sample = {
      source: 'container',
      metricType: 'cpu',
      value: 99,
      container: 'api',
      containerId: 'c1',
    };
    expect(says(read(1, [sample], 'docker'))).toEqual(['firing api']);
  });

  it('SE-39: a container that stops, its alerts about numbers resolve', () => {
    const { read, see } = setUp('container cpu>90');
    const sample: Sample = {
      source: 'container',
      metricType: 'cpu',
      value: 99,
      container: 'api',
      containerId: 'c1',
    };
    read(0, [sample], 'docker');
    expect(says(see(1, { status: 'exited', exit_code: 0 }))).toEqual(['resolved api']);
  });
});

describe('alerts about containers', () => {
  it('SE-37: a non-zero exit fires once, running again resolves once', () => {
    const { see } = setUp('container exited');
    const exited = { status: 'exited', exit_code: 3 } as const;
    expect(says(see(0, exited))).toEqual(['firing api']);
    expect(see(30, exited)).toEqual([]);
    expect(says(see(31, {}))).toEqual(['resolved api']);
    expect(see(32, {})).toEqual([]);
  });

  it('SE-37: exit code 0, none, or unknown does not fire', () => {
    const { see } = setUp('container exited');
    expect(see(0, { status: 'exited', exit_code: 0 })).toEqual([]);
    expect(see(1, { status: 'exited', exit_code: null })).toEqual([]);
    expect(see(2, { status: 'exited' })).toEqual([]);
  });

  it('SE-37: removed after a failure, resolved with the reason', () => {
    const { see } = setUp('container exited');
    see(0, { status: 'exited', exit_code: 1 });
    expect(see(1, { status: 'exited', exit_code: 1, removed: true })[0]?.data).toMatchObject({
      state: 'resolved',
      message: 'Container api was removed on web-1',
    });
  });

  it('SE-38: unhealthy fires, starting changes nothing, healthy resolves', () => {
    const { see } = setUp('container unhealthy');
    const heard = (['starting', 'unhealthy', 'starting', 'healthy'] as const).flatMap((health, second) =>
      says(see(second, { health })),
    );
    expect(heard).toEqual(['firing api', 'resolved api']);
  });

  it('SE-38: an unhealthy container that stops, resolved', () => {
    const { see } = setUp('container unhealthy');
    see(0, { health: 'unhealthy' });
    expect(says(see(1, { status: 'exited', exit_code: 0, health: 'none' }))).toEqual(['resolved api']);
  });

  it('SE-61: the longest names, still a valid message', () => {
    const { see } = setUp('container exited', 'h'.repeat(128));
    const [alert] = see(0, {
      container: '컨'.repeat(256),
      id: 'f'.repeat(128),
      status: 'exited',
      exit_code: 1,
    });
    expect(parseBusMessage(JSON.stringify(alert))).toMatchObject({ ok: true });
  });
});
