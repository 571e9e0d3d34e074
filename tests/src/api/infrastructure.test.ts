/** The machines as they are now, over HTTP. Rules: api/SPEC.md. */
import { createMemoryBus, type MemoryBus } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import type { InfraStatus } from '@pulsewire/shared-schema/rest';
import { findAnswerMistake } from '@pulsewire/shared-schema/rest-answer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { poll } from '../support/within.js';
import { type ApiRig, createApiRig, type RunningApi } from './api-rig.js';
import { at, containerMetric, metric, status } from './past.js';

const PATH = '/api/admin/infra/status';

/** What somebody publishes of host `a`, all at this time. */
function publishAt(bus: MemoryBus, timeMs: number): void {
  const database = { name: 'main', kind: 'postgresql', status: 'up', latency_ms: 2, host: 'a' } as const;
  const messages = [
    metric('cpu', timeMs, 12),
    status('web', 'running', timeMs),
    containerMetric('web', timeMs, 34),
    { type: 'database_status', data: { ...database, time: at(timeMs) } } as const,
  ];
  for (const message of messages) bus.publish(CHANNELS.metrics, message);
}

describe('infrastructure without a database', () => {
  let rig: ApiRig;
  beforeEach(async () => {
    rig = await createApiRig({ url: `postgresql://nobody@127.0.0.1:${await freePort()}/none` });
  });
  afterEach(() => rig.stop());

  const publishNow = (nowMs: number) => publishAt(rig.bus, nowMs);

  it('API-30: what was published, is the answer at once', async () => {
    const nowMs = Date.now();
    publishNow(nowMs);
    const { status: code, body } = await rig.ask<InfraStatus>(PATH);
    expect([code, findAnswerMistake('infraStatus', body)]).toEqual([200, null]);
    expect(body).toMatchObject({
      host: { name: 'a', cpu: 12, stale_fields: [] },
      containers: [{ name: 'web', cpu_percent: 34, stale: false }],
      databases: [{ name: 'main', status: 'up', stale: false }],
      collected_at: at(nowMs),
      origin: 'live',
    });
  });

  it('API-30: another host, is told of when it is asked for', async () => {
    publishNow(Date.now());
    const { body } = await rig.ask<InfraStatus>(`${PATH}?host=a`);
    expect([body.host.name, body.containers.length]).toEqual(['a', 1]);
  });

  it('API-33: nothing heard yet, is 503', async () => {
    const { status: code, body } = await rig.ask(PATH);
    expect([code, body]).toEqual([
      503,
      { error: 'not_ready', message: expect.stringContaining('the database does not answer since') },
    ]);
  });

  it('API-33: host that nobody spoke of, is 404', async () => {
    publishNow(Date.now());
    expect((await rig.ask(`${PATH}?host=z`)).status).toBe(404);
  });

  it('API-35: API that starts afterwards, knows what was told in the last minute', async () => {
    publishNow(Date.now());
    const later = await rig.startApi();
    const { body } = await later.ask<InfraStatus>(PATH);
    expect(body.host).toMatchObject({ name: 'a', cpu: 12 });
  });

  it('API-12: everything that needs the database, is 503 with cause and since', async () => {
    const paths = ['/api/metrics/series', '/api/metrics', '/api/alerts', '/api/containers', '/api/logs'];
    const answers = await Promise.all(paths.map((path) => rig.ask(path)));
    const shape = {
      error: 'database_unavailable',
      message: expect.stringContaining('since'),
      cause: expect.any(String),
      since: expect.stringMatching(/Z$/),
    };
    expect(answers.map(({ status: code, body }) => [code, body])).toEqual(paths.map(() => [503, shape]));
  });
});

describeWith('postgresql-server', 'infrastructure of an API that has heard nothing yet', () => {
  let postgres: TestPostgres;
  let rig: ApiRig;
  let silent: MemoryBus;
  let late: RunningApi;
  beforeEach(async () => {
    postgres = await startPostgres();
    rig = await createApiRig(postgres);
    silent = createMemoryBus();
    late = await rig.startApi(silent);
  });
  afterEach(async () => {
    await rig.stop();
    await silent.stop();
    await postgres.stop();
  });

  const askOnceRecorded = () =>
    poll(
      async () => {
        const answer = await late.ask<InfraStatus>(PATH);
        return answer.status === 200 && answer.body.databases.length > 0 ? answer.body : undefined;
      },
      { what: 'what was recorded' },
    );

  it('API-36: what was recorded, is the answer with its age, and old values are marked', async () => {
    const thenMs = Date.now() - 120_000;
    publishAt(rig.bus, thenMs);
    const body = await askOnceRecorded();
    expect(findAnswerMistake('infraStatus', body)).toBeNull();
    expect(body).toMatchObject({
      origin: 'recorded',
      collected_at: at(thenMs),
      host: { name: 'a', cpu: 12, stale_fields: ['cpu'] },
      containers: [{ name: 'web', status: 'running', cpu_percent: null, stale: true }],
      databases: [{ name: 'main', stale: true }],
    });
    expect(body.age_s).toBeGreaterThanOrEqual(120);
  });

  it('API-36: something heard, is the answer in place of it', async () => {
    publishAt(rig.bus, Date.now() - 120_000);
    await askOnceRecorded();
    publishAt(silent, Date.now());
    const { body } = await late.ask<InfraStatus>(PATH);
    expect(body).toMatchObject({ origin: 'live', host: { cpu: 12, stale_fields: [] } });
  });

  it('API-33: a store that knows nothing either, is 503', async () => {
    const answer = await poll(
      async () => {
        const found = await late.ask(PATH);
        return String(found.body['message']).endsWith('yet') ? found : undefined;
      },
      { what: 'the empty tables' },
    );
    expect([answer.status, answer.body['error']]).toEqual([503, 'not_ready']);
  });
});
