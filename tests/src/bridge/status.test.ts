/** GET /api/status on a real PostgreSQL, by clients that are not ours. Rules: status-bridge/SPEC.md. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startProcess } from '../support/process.js';
import { poll } from '../support/within.js';
import {
  ALLOWED_ORIGIN,
  asAdmin,
  type BridgeRig,
  createRig,
  KEY,
  PUBLIC_KEY,
  type RunningBridge,
} from './bridge-rig.js';

describeWith(['postgresql-server', 'curl', 'psql'], 'the status bridge over HTTP', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  beforeAll(async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    await rig.records.containers(
      { container: 'api-server', health: 'healthy' },
      { container: 'worker', status: 'exited', exit_code: 1 },
    );
    bridge = await rig.start({ settings: { proxyHops: 1 } });
  });
  afterAll(() => rig?.stop());

  async function run(command: string, args: string[], env: Record<string, string> = {}) {
    const process = await startProcess(command, args, env);
    const { code } = await process.exited;
    return { code, output: process.output() };
  }

  async function curl(...args: string[]) {
    const { output } = await run('curl', ['--silent', '--include', ...args, `${bridge.url}/api/status`]);
    const [head = '', body = ''] = output.split('\r\n\r\n');
    return { head: head.toLowerCase(), body };
  }

  /** As the read-only role, with PostgreSQL's own client and nothing but its rights to keep it from writing. */
  function psql(sql: string) {
    const url = `${rig.readerUrl}?options=-c%20default_transaction_read_only%3Doff`;
    return run('psql', [url, '--no-psqlrc', '--tuples-only', '--no-align', '--command', sql]);
  }

  it('SB-1: curl with the key, the body of the specification', async () => {
    const { head, body } = await curl('-H', `X-API-KEY: ${KEY}`);
    expect(head).toMatch(/^http\/1\.1 200 ok/);
    expect(head).toContain('content-type: application/json');
    expect(JSON.parse(body)).toMatchObject({
      infrastructure: { cpu: 45.2, memory: 62.1, disk: 12.5, last_updated: expect.stringMatching(/Z$/) },
      services: [
        { name: 'api-server', status: 'running', uptime_val: 1, last_seen: expect.stringMatching(/Z$/) },
        { name: 'worker', status: 'exited', uptime_val: 0 },
      ],
      stale: false,
      hosts: [{ host: 'a1', stale: false }],
    });
  });

  it('SB-5: what was recorded just now, soon in the answer', async () => {
    await rig.records.figures('a1', { cpu: 77, mem: 62.1, disk: 12.5 });
    const found = async () => {
      const { cpu } = (await bridge.get()).body['infrastructure'] as { cpu: unknown };
      return cpu === 77 ? true : undefined;
    };
    await poll(found, { what: 'the new value', timeoutMs: 3000 });
  });

  it('SB-6: five hundred requests at once, no more questions than without', async () => {
    const asked = await bridge.metric('questions_total');
    const startMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 500 }, async () => (await bridge.get()).status));
    const elapsedS = (performance.now() - startMs) / 1000;
    expect(new Set(answers)).toEqual(new Set([200]));
    expect((await bridge.metric('questions_total')) - asked).toBeLessThanOrEqual(2 + elapsedS / 0.7);
  });

  it('SB-21: a page of an allowed origin, may send the key and read the answer', async () => {
    const preflight = await curl(
      ...['-X', 'OPTIONS', '-H', `Origin: ${ALLOWED_ORIGIN}`, '-H', 'Access-Control-Request-Method: GET'],
      ...['-H', 'Access-Control-Request-Headers: x-api-key'],
    );
    expect(preflight.head).toMatch(/^http\/1\.1 204/);
    expect(preflight.head).toContain('access-control-allow-headers: x-api-key');
    const { head } = await curl('-H', `Origin: ${ALLOWED_ORIGIN}`, '-H', `X-API-KEY: ${KEY}`);
    expect(head).toMatch(/^http\/1\.1 200/);
    expect(head).toContain(`access-control-allow-origin: ${ALLOWED_ORIGIN}`);
  });

  it('SB-21: a page of an allowed origin with a wrong key, may read why', async () => {
    const { head, body } = await curl('-H', `Origin: ${ALLOWED_ORIGIN}`, '-H', 'X-API-KEY: wrong');
    expect(head).toMatch(/^http\/1\.1 401/);
    expect(head).toContain(`access-control-allow-origin: ${ALLOWED_ORIGIN}`);
    expect(JSON.parse(body)).toMatchObject({ error: 'unauthorized' });
  });

  it.each(['GET', 'OPTIONS'])(
    'SB-21: %s of a page of another origin, 403 without CORS header',
    async (method) => {
      const { head, body } = await curl(
        ...['-X', method, '-H', 'Origin: https://evil.example', '-H', `X-API-KEY: ${KEY}`],
        ...['-H', 'Access-Control-Request-Method: GET'],
      );
      expect(head).toMatch(/^http\/1\.1 403/);
      expect(head).not.toContain('access-control-allow');
      expect(JSON.parse(body)).toMatchObject({ error: 'forbidden_origin' });
    },
  );

  it('SB-24: the key of a public page, reads the status', async () => {
    expect(await bridge.get({ key: PUBLIC_KEY })).toMatchObject({ status: 200 });
  });

  it('SB-40: psql as the read-only role, reads and cannot write', async () => {
    expect(await psql("select value from system_metrics where type = 'cpu' limit 1")).toMatchObject({
      code: 0,
    });
    for (const sql of [
      "insert into system_metrics values (now(), 'cpu', 1, '{}')",
      "update containers set status = 'running'",
      'delete from logs',
      'create table mine (n integer)',
    ]) {
      const { code, output } = await psql(sql);
      expect(code, sql).not.toBe(0);
      expect(output, sql).toContain('permission denied');
    }
  });

  it('SB-40: a bridge with the rights of an administrator, its sessions are read-only', async () => {
    const powerful = await rig.start({ databaseUrl: rig.postgres.url });
    expect(await powerful.get()).toMatchObject({ status: 200 });
    const sessions = await asAdmin(
      rig.postgres.url,
      "select pid from pg_stat_activity where application_name = 'pulsewire-bridge' and usename = 'postgres'",
    );
    expect(sessions.length).toBeGreaterThan(0);
    const { code, output } = await run('psql', [
      `${rig.postgres.url}?options=-c%20default_transaction_read_only%3Don`,
      '--command',
      'create table mine (n integer)',
    ]);
    expect([code === 0, output]).toEqual([false, expect.stringContaining('read-only transaction')]);
    await powerful.stop();
  });
});
