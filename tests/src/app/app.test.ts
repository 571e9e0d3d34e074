import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { openSocket } from '../support/websocket.js';

const KEY = 'configured-key-0123456789';

describe('the embedded process', () => {
  let dataDir: string;
  let app: TestProcess | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pulsewire-app-'));
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}): Promise<{ url: URL; running: TestProcess }> {
    const running = await startProcess(process.execPath, [builtEntry('app')], {
      PORT: '0',
      DATA_DIR: dataDir,
      ...env,
    });
    app = running;
    const [, address = ''] = await running.line(/Pulsewire is live: (\S+)/);
    return { url: new URL(address), running };
  }

  it('AP-4: no keys configured, the printed fragment opens the feed', async () => {
    const { url } = await start();
    const key = new URLSearchParams(url.hash.slice(1)).get('key') ?? '';
    const feed = await openSocket(`ws://${url.host}/api/system/ws`, { headers: { 'x-api-key': key } });
    expect(await feed.first(({ type }) => type === 'hello')).toMatchObject({ data: { state: 'live' } });
    await feed.close();
  });

  it('AP-4: keys configured, none of them is printed', async () => {
    const { url, running } = await start({ API_KEYS: `wall:${KEY}` });
    expect(url.hash).toBe('');
    expect(running.output()).not.toContain(KEY);
  });

  it('AP-5: page, a policy forbids foreign scripts', async () => {
    const { url } = await start();
    const response = await fetch(`http://${url.host}/`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('AP-5: unknown path, 404 as JSON', async () => {
    const { url } = await start();
    const response = await fetch(`http://${url.host}/no/such/page`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: 'not_found' });
  });

  it('AP-6: health routes, they answer on the same port', async () => {
    const { url } = await start();
    const answers = await Promise.all(
      ['/healthz', '/readyz', '/metrics'].map((path) => fetch(`http://${url.host}${path}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('AP-6: feed, samples of this machine arrive', async () => {
    const { url } = await start({ API_KEYS: `wall:${KEY}`, HOST_NAME: 'test-host' });
    const feed = await openSocket(`ws://${url.host}/api/system/ws`, { headers: { 'x-api-key': KEY } });
    const sample = await feed.first(({ data }) => data['metric_type'] === 'cpu' && data['source'] === 'host');
    expect(sample.data).toMatchObject({ meta: { unit: 'percent', host: 'test-host' } });
    await feed.close();
  });

  it('AP-8: SIGTERM, exit code 0', async () => {
    const { running } = await start();
    expect(await running.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('bad configuration', () => {
  const BAD = {
    PORT: '70000',
    SAMPLE_INTERVAL_MS: '10',
    MAX_CLIENTS: 'many',
    API_KEYS: 'wall:short-secret',
    ALLOWED_ORIGINS: 'not an origin',
    REDIS_URL: 'http://user:hunter2-secret@redis',
    LOG_LEVEL: 'loud',
    ALERT_RULES: 'cpu>>90',
  };

  it('AP-7: eight mistakes, all in one message and exit code 2', async () => {
    const run = await startProcess(process.execPath, [builtEntry('app')], BAD);
    expect(await run.exited).toEqual({ code: 2, signal: null });
    const named = Object.keys(BAD).filter((variable) => run.output().includes(`  ${variable}`));
    expect(named).toEqual(Object.keys(BAD));
  });

  it('AP-7: mistakes in secrets, the message repeats none of them', async () => {
    const run = await startProcess(process.execPath, [builtEntry('app')], BAD);
    await run.exited;
    expect(run.output()).not.toMatch(/short-secret|hunter2/);
  });
});
