/** The machines as they are now, over HTTP. Rules: api/SPEC.md. */
import { CHANNELS } from '@pulsewire/shared-schema';
import type { InfraStatus } from '@pulsewire/shared-schema/rest';
import { findAnswerMistake } from '@pulsewire/shared-schema/rest-answer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { type ApiRig, createApiRig } from './api-rig.js';
import { at, containerMetric, metric, status } from './past.js';

const PATH = '/api/admin/infra/status';

describe('infrastructure without a database', () => {
  let rig: ApiRig;
  beforeEach(async () => {
    rig = await createApiRig({ url: `postgresql://nobody@127.0.0.1:${await freePort()}/none` });
  });
  afterEach(() => rig.stop());

  function publishNow(nowMs: number): void {
    const database = { name: 'main', kind: 'postgresql', status: 'up', latency_ms: 2, host: 'a' } as const;
    const messages = [
      metric('cpu', nowMs, 12),
      status('web', 'running', nowMs),
      containerMetric('web', nowMs, 34),
      { type: 'database_status', data: { ...database, time: at(nowMs) } } as const,
    ];
    for (const message of messages) rig.bus.publish(CHANNELS.metrics, message);
  }

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
    });
  });

  it('API-30: another host, is told of when it is asked for', async () => {
    publishNow(Date.now());
    const { body } = await rig.ask<InfraStatus>(`${PATH}?host=a`);
    expect([body.host.name, body.containers.length]).toEqual(['a', 1]);
  });

  it('API-33: nothing heard yet, is 503', async () => {
    const { status: code, body } = await rig.ask(PATH);
    expect([code, body['error']]).toEqual([503, 'not_ready']);
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
