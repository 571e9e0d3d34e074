/** History in the embedded process. Rules: app/SPEC.md. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MetricsHistory } from '@pulsewire/shared-schema/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../api/api-rig.js';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startPostgres } from '../support/postgres.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { openSocket } from '../support/websocket.js';
import { poll } from '../support/within.js';

const KEY = 'configured-key-0123456789';
const CURVE = '/api/metrics?metric_type=cpu&source=host&points=5000';

interface Report {
  ready: boolean;
  dependencies: Record<string, { status: string; cause: string | null }>;
}

interface Failure {
  error?: string;
  cause?: string;
}

let dataDir: string;
const running = new Set<TestProcess>();
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pulsewire-history-'));
});
afterEach(async () => {
  for (const app of running) await app.stop();
  running.clear();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<{ app: TestProcess; base: string }> {
  const app = await startProcess(process.execPath, [builtEntry('app')], {
    PORT: '0',
    DATA_DIR: dataDir,
    API_KEYS: `wall:${KEY}`,
    ...env,
  });
  running.add(app);
  const [, address = ''] = await app.line(/Pulsewire is live: (\S+)/);
  return { app, base: `http://${new URL(address).host}` };
}

/** Resolves when that many samples of cpu are recorded. */
function recorded(base: string, count: number): Promise<MetricsHistory> {
  const probe = async () => {
    const { status, body } = await ask<MetricsHistory>(base + CURVE, KEY);
    return status === 200 && (body.series[0]?.points.length ?? 0) >= count ? body : undefined;
  };
  return poll(probe, { what: `${count} samples recorded`, timeoutMs: 60_000, everyMs: 200 });
}

async function readiness(base: string): Promise<Report> {
  return (await (await fetch(`${base}/readyz`)).json()) as Report;
}

describe('history of the embedded process', () => {
  it('AP-11: stopped and started, the curve goes on with one gap for the time between', async () => {
    const first = await start();
    await recorded(first.base, 3);
    expect(await first.app.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    const stoppedMs = Date.now();
    // Four intervals: fewer would be no gap.
    await poll(() => (Date.now() - stoppedMs > 4000 ? true : undefined), { what: 'a while' });
    const restartedMs = Date.now();
    const { base } = await start();
    const { gaps, series } = await recorded(base, 6);
    expect(gaps).toHaveLength(1);
    const [from = 0, to = 0] = gaps[0] ?? [];
    expect([from <= stoppedMs, to >= restartedMs, series.length]).toEqual([true, true, 1]);
  });

  it('AP-14: routes of the API, take the keys of the feed and no other', async () => {
    const { base } = await start();
    await recorded(base, 1);
    expect((await ask(base + CURVE, 'another-key-0123456789')).status).toBe(401);
  });

  it('AP-14: unknown route below /api/, is 404 in JSON', async () => {
    const { base } = await start();
    await recorded(base, 1);
    expect((await ask<Failure>(`${base}/api/nothing`, KEY)).body.error).toBe('not_found');
  });

  it('AP-12: database that cannot be started, the live view works and readyz says why', async () => {
    await writeFile(join(dataDir, 'database'), 'not a folder');
    const { base } = await start();
    const report = await poll(
      async () => {
        const found = await readiness(base);
        return found.dependencies['database']?.cause === 'embedded_unusable' ? found : undefined;
      },
      { what: 'the reason' },
    );
    expect([report.ready, report.dependencies['database']?.status]).toEqual([true, 'down']);
    const history = await ask<Failure>(base + CURVE, KEY);
    expect([history.status, history.body.cause]).toEqual([503, 'embedded_unusable']);
    const feed = await openSocket(`${base.replace('http', 'ws')}/api/system/ws`, {
      headers: { 'x-api-key': KEY },
    });
    expect(await feed.first(({ data }) => data['metric_type'] === 'cpu')).toBeDefined();
    await feed.close();
  });
});

describeWith('postgresql-server', 'history of the embedded process in PostgreSQL', () => {
  it('AP-10: DATABASE_URL, history is kept there and not in the data folder', async () => {
    const postgres = await startPostgres();
    const { app, base } = await start({ DATABASE_URL: postgres.url });
    await recorded(base, 1);
    await app.stop();
    await expect(rm(join(dataDir, 'database'), { recursive: true })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await postgres.stop();
  });
});
