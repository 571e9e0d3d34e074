/** History over HTTP, on a real PostgreSQL and on the embedded database. Rules: api/SPEC.md. */
import { join } from 'node:path';
import { silentLogger } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import type {
  AlertList,
  ContainerEventList,
  ContainerList,
  LogList,
  MetricsHistory,
  SeriesList,
} from '@pulsewire/shared-schema/rest';
import { REST_PATHS, type RestRoute } from '@pulsewire/shared-schema/rest';
import { findAnswerMistake } from '@pulsewire/shared-schema/rest-answer';
import { startPglite } from '@pulsewire/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startPostgres } from '../support/postgres.js';
import { makeFolder } from '../support/process.js';
import { poll } from '../support/within.js';
import { type ApiRig, createApiRig } from './api-rig.js';
import {
  alertOf,
  at,
  BREAK_MS,
  containerMetric,
  cpuSamples,
  END_MS,
  HOUR_MS,
  LOG_LINES,
  logLines,
  metric,
  RESUME_MS,
  START_MS,
  status,
} from './past.js';

interface Server {
  url: string;
  connections?: number;
  stop(): Promise<void>;
}

const RANGE = `from=${START_MS}&to=${END_MS}`;

describeWith('postgresql-server', 'PostgreSQL', () => describeHistory(() => startPostgres()));
describe('embedded database', () =>
  describeHistory(async () =>
    startPglite({ dataDir: join(await makeFolder('pglite'), 'database'), logger: silentLogger }),
  ));

function describeHistory(startServer: () => Promise<Server>): void {
  let server: Server;
  let rig: ApiRig;
  beforeAll(async () => {
    server = await startServer();
    rig = await createApiRig(server);
    await record(rig);
  });
  afterAll(async () => {
    await rig.stop();
    await server.stop();
  });

  const ask = async <T>(path: string) => (await rig.ask<T>(path)).body;

  it('API-20: series, come in order of their keys, a page at a time, with how many there are', async () => {
    const first = await ask<SeriesList>('/api/metrics/series?limit=2&source=host');
    const second = await ask<SeriesList>('/api/metrics/series?limit=2&page=2&source=host');
    expect([...first.data, ...second.data].map(({ metric_type }) => metric_type)).toEqual([
      'cpu',
      'disk',
      'mem',
    ]);
    expect(second.pagination).toEqual({ page: 2, limit: 2, total: 3, totalPages: 2 });
  });

  it('API-21: as many points as there are samples, one for each second and none where none was', async () => {
    const history = await ask<MetricsHistory>(
      `/api/metrics?metric_type=cpu&source=host&${RANGE}&points=2000`,
    );
    const points = history.series[0]?.points ?? [];
    expect([points.length, points[7], history.resolution_s]).toEqual([900, [START_MS + 7000, 7, 7, 7], 1]);
  });

  it('API-21: fewer points than samples, each has minimum, average and maximum of its width', async () => {
    const history = await ask<MetricsHistory>(`/api/metrics?metric_type=cpu&source=host&${RANGE}&points=21`);
    expect(history.resolution_s).toBe(60);
    const points = history.series[0]?.points ?? [];
    expect(points.map(([timeMs]) => (timeMs - START_MS) / 60_000)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19,
    ]);
    expect(points[1]).toEqual([START_MS + 60_000, 60, 89.5, 119]);
  });

  it('API-21: stretch without samples, is a gap of the series and of the answer', async () => {
    const history = await ask<MetricsHistory>(`/api/metrics?metric_type=cpu&source=host&${RANGE}`);
    const gap = [BREAK_MS - 1000, RESUME_MS];
    expect([history.gaps, history.series[0]?.gaps]).toEqual([[gap], [gap]]);
  });

  it('API-21: key of a series, asks for that one alone', async () => {
    const { data } = await ask<SeriesList>('/api/metrics/series?metric_type=mem');
    const key = encodeURIComponent(data[0]?.key ?? '');
    const history = await ask<MetricsHistory>(`/api/metrics?key=${key}&${RANGE}`);
    expect(history.series.map(({ metric_type, host }) => [metric_type, host])).toEqual([['mem', 'a']]);
  });

  it('API-22: no range, is the last hour', async () => {
    const history = await ask<MetricsHistory>('/api/metrics?metric_type=cpu&source=host');
    expect(history.series[0]?.points).toEqual([]);
  });

  it('API-23: more than 200 series, are refused with how many there are', async () => {
    // The status of a container is a series, too.
    const answer = await rig.ask('/api/metrics?source=container');
    expect([answer.status, answer.body['message']]).toEqual([
      400,
      expect.stringContaining('203 series match'),
    ]);
  });

  it('API-24: alerts of a range, are those that fired in it, with when they were resolved', async () => {
    const { data } = await ask<AlertList>(`/api/alerts?${RANGE}`);
    expect(data.map(({ alert_id, state, resolved_at }) => [alert_id, state, resolved_at])).toEqual([
      ['still-firing', 'firing', null],
      ['resolved', 'resolved', at(START_MS + 60_000)],
    ]);
  });

  it('API-20: alerts, a page at a time', async () => {
    const { data, pagination } = await ask<AlertList>(`/api/alerts?${RANGE}&limit=1&page=2`);
    expect([data.map(({ alert_id }) => alert_id), pagination.total]).toEqual([['resolved'], 2]);
  });

  it('API-24: alerts of a state, only these', async () => {
    const { data } = await ask<AlertList>(`/api/alerts?${RANGE}&state=firing`);
    expect(data.map(({ alert_id }) => alert_id)).toEqual(['still-firing']);
  });

  it('API-25: container that was told of two hours ago, is stale', async () => {
    const { data } = await ask<ContainerList>('/api/containers');
    expect(data.map(({ name, status: state, stale }) => [name, state, stale])).toEqual([
      ['api', 'exited', true],
      ['web', 'running', false],
    ]);
  });

  it('API-25: what happened to containers, newest first, and whether there is more', async () => {
    const path = `/api/containers/events?${RANGE}&container=api`;
    const all = await ask<ContainerEventList>(path);
    expect(all.data.map(({ status: state, previous }) => [state, previous])).toEqual([
      ['exited', 'running'],
      ['running', null],
    ]);
    expect([all.truncated, (await ask<ContainerEventList>(`${path}&limit=1`)).truncated]).toEqual([
      false,
      true,
    ]);
  });

  it('API-26: pages of log lines, have every line once, newest first', async () => {
    const seen: number[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const page: LogList = await ask(`/api/logs?${before === '' ? '' : `before=${before}`}`);
      seen.push(...page.data.map(({ seq }) => seq));
      before = page.next_before;
    }
    expect(seen).toEqual(Array.from({ length: LOG_LINES }, (_, i) => LOG_LINES - 1 - i));
  });

  it('API-26: service, level and a text with wildcards in it, are taken literally', async () => {
    const found = await ask<LogList>('/api/logs?service=db&level=error&q=LINE%2020%20100%25_d');
    expect(found.data.map(({ message }) => message)).toEqual(['line 20 100%_done']);
    expect((await ask<LogList>('/api/logs?q=100%25%25')).data).toEqual([]);
  });

  it('API-26: cursor that was not given out, is 400 and names the field', async () => {
    const answer = await rig.ask('/api/logs?before=nonsense');
    expect([answer.status, answer.body['details']]).toEqual([
      400,
      [{ field: 'before', message: expect.any(String) }],
    ]);
  });

  it.each(Object.keys(REST_PATHS) as RestRoute[])('API-27: answer of %s, fits its schema', async (route) => {
    const answer = await rig.ask(`${REST_PATHS[route]}?host=a${route === 'metrics' ? '&source=host' : ''}`);
    expect([answer.status, findAnswerMistake(route, answer.body)]).toEqual([200, null]);
  });
}

async function record({ bus, ask }: ApiRig): Promise<void> {
  const now = Date.now();
  const messages = [
    ...cpuSamples(),
    metric('mem', START_MS, 40),
    metric('disk', START_MS, 50),
    ...Array.from({ length: 201 }, (_, i) => containerMetric(`c${i}`, START_MS, i)),
    ...alertOf('resolved', START_MS - 60_000, START_MS + 60_000),
    ...alertOf('still-firing', START_MS + 120_000, null),
    ...alertOf('before', START_MS - HOUR_MS, START_MS - HOUR_MS / 2),
    status('api', 'running', START_MS),
    status('api', 'exited', START_MS + 1000),
    status('web', 'running', now),
  ];
  for (const message of messages) bus.publish(CHANNELS.metrics, message);
  for (const line of logLines()) bus.publish(CHANNELS.logs, line);
  await poll(
    async () => {
      const containers = await ask<ContainerList>('/api/containers?container=web');
      const last = await ask<LogList>(`/api/logs?limit=1`);
      return containers.body.data?.length === 1 && last.body.data?.[0]?.seq === LOG_LINES - 1
        ? true
        : undefined;
    },
    { what: 'everything recorded', timeoutMs: 60_000, everyMs: 100 },
  );
}
