/** Clients with a key that mean no good, on a real PostgreSQL. Rules: api/SPEC.md. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { poll, within } from '../support/within.js';
import { type ApiRig, createApiRig, KEY } from './api-rig.js';

/** Fills what the kernels of both ends take of an answer that nobody reads, and more. */
const SERIES = 40;
const SAMPLES = 5000;
/** From now on, because the recorder has prepared those days. */
const FROM_S = Math.ceil(Date.now() / 1000);
const BIG = `/api/metrics?metric_type=big&from=${FROM_S}000&to=${FROM_S + SAMPLES - 1}000`;
const SMALLEST_POINT_BYTES = 40;

describeWith('postgresql-server', 'the API and hostile clients', () => {
  let postgres: TestPostgres;
  let rig: ApiRig;
  beforeAll(async () => {
    postgres = await startPostgres();
    rig = await createApiRig(postgres);
    await poll(
      async () => {
        const days = await rig.database
          .query("select 1 from pg_inherits where inhparent = 'system_metrics'::regclass")
          .catch(() => []);
        return days.length >= 2 ? true : undefined;
      },
      { what: 'the tables of today and tomorrow' },
    );
    await rig.database.query(
      `insert into series (key, metric_type, source, host, unit, meta, first_seen, last_seen)
       select 'big' || i, 'big', 'host', 'h' || i, 'percent', '{}', now() - interval '1 hour', now()
       from generate_series(1, ${SERIES}) i`,
    );
    await rig.database.query(
      `insert into system_metrics select to_timestamp(${FROM_S} + s), 'big', random(), '{}', id
       from series, generate_series(0, ${SAMPLES - 1}) s where metric_type = 'big'`,
    );
  });
  afterAll(async () => {
    await rig?.stop();
    await postgres?.stop();
  });

  it.each([
    ['/api/metrics', 'host'],
    ['/api/metrics', 'mount'],
    ['/api/metrics/series', 'key'],
    ['/api/alerts', 'container'],
    ['/api/containers', 'host'],
    ['/api/containers/events', 'container'],
    ['/api/logs', 'service'],
    ['/api/logs', 'q'],
  ])('API-11: %s with a %s that no database can hold, is refused by its name', async (path, field) => {
    const { status, body } = await rig.ask(`${path}?${field}=a%00b`);
    expect([status, body['details']]).toEqual([400, [{ field, message: expect.any(String) }]]);
  });

  it('API-22: log lines of a range that ends before it begins, are refused', async () => {
    const { status, body } = await rig.ask('/api/logs?from=2000&to=1000');
    expect([status, body['details']]).toEqual([400, [{ field: 'from', message: expect.any(String) }]]);
  });

  it('API-23: as many points as there may be, are answered', async () => {
    const { status, body } = await rig.ask<{ series: unknown[] }>(`${BIG}&points=${SAMPLES}`);
    expect([status, body.series.length]).toEqual([200, SERIES]);
  });

  it('API-17: large answer that nobody reads, is cut off', async () => {
    const answered = async () => {
      const text = await (await fetch(`${rig.base}/metrics`)).text();
      return Number(/api_requests_total\{route="metrics",status="200"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await answered();
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(rig.base).port) });
    socket.on('error', () => {});
    socket.write(`GET ${BIG}&points=${SAMPLES} HTTP/1.1\r\nhost: a\r\nx-api-key: ${KEY}\r\n\r\n`);
    let received = 0;
    await within(new Promise((resolve) => socket.once('readable', resolve)), 10_000, 'the beginning');
    await poll(async () => ((await answered()) > before ? true : undefined), {
      what: 'the end of the answer',
      timeoutMs: 60_000,
      everyMs: 500,
    });
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    await within(new Promise((resolve) => socket.once('close', resolve)), 10_000, 'the end');
    expect(received).toBeLessThan(SERIES * SAMPLES * SMALLEST_POINT_BYTES);
  });
});
