import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { openDashboard } from './dashboard-page.js';

const KEY = 'browser-test-key-0123456789';

describeWith('chromium', 'dashboard in Chromium', () => {
  let browser: Browser;
  let dataDir: string;
  let port: number;
  beforeAll(async () => {
    browser = await launchChromium();
    dataDir = await mkdtemp(join(tmpdir(), 'pulsewire-browser-'));
    port = await freePort();
  });
  afterAll(async () => {
    await browser.close();
    await rm(dataDir, { recursive: true });
  });

  function startApp(): Promise<TestProcess> {
    const env = { PORT: String(port), DATA_DIR: dataDir, API_KEYS: `browser:${KEY}` };
    return startProcess(process.execPath, [builtEntry('app')], env, { readyWhen: /Pulsewire is live/ });
  }
  const address = () => `http://127.0.0.1:${port}/#key=${KEY}`;

  it('TE-10: page opened with the key in its fragment, it is live and its gauges move', async () => {
    const app = await startApp();
    const dashboard = await openDashboard(browser, address());
    await dashboard.badge('live');
    await dashboard.moves('cpu', 2);
    expect(dashboard.complaints).toEqual([]);
    await dashboard.close();
    await app.stop();
  });

  it('TE-11: key taken over, it is gone from the address bar', async () => {
    const app = await startApp();
    const dashboard = await openDashboard(browser, address());
    await dashboard.badge('live');
    expect(dashboard.page.url()).not.toContain(KEY);
    await dashboard.close();
    await app.stop();
  });

  it('TE-12: server killed and started again, the page retries by itself and the chart keeps the gap', async () => {
    const first = await startApp();
    const dashboard = await openDashboard(browser, address());
    await dashboard.badge('live');
    await dashboard.moves('cpu', 6);
    await first.stop('SIGKILL');
    await dashboard.badge('waiting');
    const before = dashboard.attempts.length;
    await dashboard.attempted(before + 2);
    const second = await startApp();
    await dashboard.page.getByTestId('retry-now').press('Enter');
    await dashboard.badge('live');
    await dashboard.moves('cpu', 5);
    const pieces = await dashboard.linePieces('cpu');
    expect(pieces.length).toBeGreaterThanOrEqual(2);
    await dashboard.close();
    await second.stop();
  });

  it('TE-13: key refused, the page asks for one instead of trying again', async () => {
    const app = await startApp();
    const dashboard = await openDashboard(browser, `http://127.0.0.1:${port}/#key=wrong-${KEY}`);
    await dashboard.page.getByTestId('key-form').waitFor();
    await dashboard.page.getByTestId('key-input').fill(KEY);
    await dashboard.page.getByTestId('key-input').press('Enter');
    await dashboard.badge('live');
    expect(await dashboard.page.getByTestId('key-form').count()).toBe(0);
    await dashboard.close();
    await app.stop();
  });
});
