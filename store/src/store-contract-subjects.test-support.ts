/** The contract's part about alerts, containers, databases and logs. */
import type { Alert, ContainerStatus, Log } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import { queryAlerts } from './query-alerts.js';
import { queryContainerEvents, queryContainers } from './query-containers.js';
import { queryDatabases } from './query-databases.js';
import { queryLogs } from './query-logs.js';
import type { Use } from './store-contract-recording.test-support.js';

const BASE_MS = Date.parse('2026-04-01T10:00:00Z');
const at = (seconds: number) => new Date(BASE_MS + seconds * 1000).toISOString();
const EVER = { fromMs: 0, toMs: BASE_MS * 2, limit: 100 };

export function describeSubjects(use: Use): void {
  it('ST-24: a container that stops and starts, its newest status and both transitions', async () => {
    const { database, record } = use();
    await record({ containers: [statusOf('web', 'running', 0), statusOf('web', 'running', 30)] });
    await record({ containers: [statusOf('web', 'exited', 40), statusOf('web', 'running', 50)] });
    await record({ containers: [statusOf('web', 'exited', 45)] });
    const [container] = await queryContainers(database, { host: 'stops', name: 'web' });
    expect(container).toMatchObject({
      status: 'running',
      lastSeenMs: BASE_MS + 50_000,
      statusSinceMs: BASE_MS + 50_000,
    });
    const events = await queryContainerEvents(database, { ...EVER, host: 'stops', container: 'web' });
    expect(events.map(({ previous, status }) => [previous, status])).toEqual([
      ['exited', 'running'],
      ['running', 'exited'],
      [null, 'running'],
    ]);
  });

  it('ST-28: a container that is renamed and then removed, neither name exists', async () => {
    const { database, record } = use();
    await record({ containers: [statusOf('first', 'running', 0)] });
    await record({ containers: [{ ...statusOf('second', 'running', 10), previous_name: 'first' }] });
    const names = async () => (await queryContainers(database, { host: 'stops' })).map(({ name }) => name);
    expect(await names()).toEqual(['second', 'web']);
    await record({ containers: [{ ...statusOf('second', 'removing', 20), removed: true }] });
    expect(await names()).toEqual(['web']);
  });

  it('ST-25: firing, resolved, and firing told again late, one alert that is resolved', async () => {
    const { database, record } = use();
    await record({ alerts: [alertOf('a-1', 'firing', 0), alertOf('a-1', 'resolved', 60)] });
    await record({ alerts: [alertOf('a-1', 'firing', 0)] });
    const { rows } = await queryAlerts(database, { ...EVER, host: 'alerting' });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      state: 'resolved',
      startedAtMs: BASE_MS,
      resolvedAtMs: BASE_MS + 60_000,
    });
  });

  it('ST-36: a range, the alerts that fired in it, newest first', async () => {
    const { database, record } = use();
    const started = (id: string, seconds: number) => ({ ...alertOf(id, 'firing', seconds), host: 'ranged' });
    const resolved = (id: string, from: number, to: number) => ({
      ...started(id, to),
      state: 'resolved' as const,
      started_at: at(from),
    });
    await record({
      alerts: [resolved('r-1', 0, 10), resolved('r-2', 5, 30), started('r-3', 50), started('r-4', 90)],
    });
    const range = { fromMs: BASE_MS + 20_000, toMs: BASE_MS + 60_000, host: 'ranged' };
    const { rows, total } = await queryAlerts(database, { ...range, limit: 1 });
    expect(rows.map(({ alertId }) => alertId)).toEqual(['r-3']);
    expect(total).toBe(2);
    expect((await queryAlerts(database, { ...range, limit: 5, state: 'resolved' })).rows).toHaveLength(1);
  });

  it('ST-37: two statuses of a database, the newer one', async () => {
    const { database, record } = use();
    const nowMs = Date.now();
    const status = (secondsAgo: number, keys: number) => ({
      name: 'cache',
      kind: 'redis' as const,
      status: 'up' as const,
      latency_ms: 1.5,
      time: new Date(nowMs - secondsAgo * 1000).toISOString(),
      keys,
    });
    await record({ databases: [status(10, 1), status(5, 2)] });
    expect(await queryDatabases(database)).toEqual([status(5, 2)]);
  });

  it('ST-35: many lines of one moment, page by page all of them, newest first', async () => {
    const { database, record } = use();
    const lines = Array.from({ length: 25 }, (_, i) => lineOf('pages', i, `line ${i}`, i < 20 ? 0 : 1));
    await record({ logs: lines });
    const seen: string[] = [];
    let before: string | undefined;
    for (;;) {
      const page = await queryLogs(database, { service: 'pages', limit: 7, ...(before && { before }) });
      seen.push(...page.map(({ message }) => message));
      before = page.at(-1)?.cursor;
      if (before === undefined) break;
    }
    expect(seen).toEqual(lines.map(({ message }) => message).reverse());
  });

  it('ST-35: a search with wildcards in its text, taken literally and whatever its case', async () => {
    const { database, record } = use();
    await record({
      logs: [lineOf('search', 0, '100% of C:\\Temp_1'), lineOf('search', 1, '1000 of c:\\tempX1')],
    });
    const find = async (q: string) =>
      (await queryLogs(database, { service: 'search', q, limit: 9 })).map(({ seq }) => seq);
    expect(await find('100%')).toEqual([0]);
    expect(await find('c:\\TEMP_')).toEqual([0]);
    expect(await find('OF C:\\')).toEqual([1, 0]);
  });

  it('ST-35: a cursor that is none, cursor_invalid', async () => {
    const asked = queryLogs(use().database, { before: 'yesterday', limit: 1 });
    await expect(asked).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
}

function statusOf(
  container: string,
  status: ContainerStatus['data']['status'],
  seconds: number,
): ContainerStatus['data'] {
  return { container, status, host: 'stops', time: at(seconds), image: 'nginx', health: 'none' };
}

function alertOf(alertId: string, state: Alert['data']['state'], seconds: number): Alert['data'] {
  return {
    alert_id: alertId,
    rule: 'cpu>90',
    state,
    severity: 'critical',
    metric_type: 'cpu',
    source: 'host',
    value: 95,
    threshold: 90,
    message: 'cpu is 95 %',
    time: at(seconds),
    started_at: state === 'firing' ? at(seconds) : at(0),
    host: 'alerting',
  };
}

function lineOf(service: string, seq: number, message: string, seconds = 0): Log['data'] {
  return { service, level: 'info', message, timestamp: at(seconds), host: 'logging', stream: 'stdout', seq };
}
