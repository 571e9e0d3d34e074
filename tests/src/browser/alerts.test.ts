/** Alerts and missing containers, as a person meets them on the page. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { startDocker } from '../support/docker.js';
import { makeFolder, startProcess, type TestProcess } from '../support/process.js';
import { type DashboardPage, openDashboard } from './dashboard-page.js';

const KEY = 'alerts-test-key-0123456789';
const METRICS_KEY = 'metrics-test-key-0123456789';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let browser: Browser;
let app: TestProcess | undefined;
let dashboard: DashboardPage | undefined;

async function open(options: BrowserContextOptions = {}, env: Record<string, string> = {}, key = KEY) {
  app = await startProcess(process.execPath, [builtEntry('app')], {
    PORT: '0',
    DATA_DIR: await makeFolder('alerts'),
    API_KEYS: `all:${KEY},some:${METRICS_KEY}:topics=metrics`,
    ALERT_RULES: 'mem>0 critical; uptime>0',
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    ...env,
  });
  const [, origin = ''] = await app.line(/Pulsewire is live: (\S+)/);
  dashboard = await openDashboard(browser, `${origin}#key=${key}`, options);
  await dashboard.badge('live');
  return dashboard.page;
}

async function close(): Promise<void> {
  await dashboard?.close();
  await app?.stop();
  dashboard = undefined;
  app = undefined;
}

describeWith('chromium', 'alerts in Chromium', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(close);
  afterAll(() => browser.close());

  it('WB-57: phone, what is firing is on the first screen, the critical one first', async () => {
    const page = await open(PHONE);
    const lines = page.locator('[data-testid=firing-strip] li');
    await lines.nth(1).waitFor();
    expect(await lines.first().getAttribute('class')).toBe('critical');
    expect((await lines.nth(1).boundingBox())?.y).toBeLessThan(PHONE.viewport.height / 2);
  });

  it('WB-57: phone, a line leads to the list, whose title is not under the header', async () => {
    const page = await open(PHONE);
    await page.locator('[data-testid=firing-strip] a').first().press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'alerts' && scrollY > 0);
    const header = await page.locator('header').boundingBox();
    const title = await page.locator('#alerts h2').boundingBox();
    expect(title?.y).toBeGreaterThan((header?.y ?? 0) + (header?.height ?? 0));
  });

  it('WB-186: a firing alert, leads to the replay of its beginning', async () => {
    const page = await open({ viewport: { width: 1440, height: 900 } });
    await page.getByTestId('alert-replay').first().click();
    await page.getByTestId('replay').waitFor();
    expect(new URL(page.url()).searchParams.get('replay')).not.toBeNull();
  });

  it('WB-57: wide screen, the list alone', async () => {
    const page = await open({ viewport: { width: 1440, height: 900 } });
    await page.getByTestId('alert').first().waitFor();
    expect(await page.getByTestId('firing-strip').isVisible()).toBe(false);
  });

  it('WB-56: Korean, the alert is told in Korean', async () => {
    const page = await open({ locale: 'ko-KR' });
    await page
      .getByText(/^메모리 사용률 [\d.]+%: 0% 초과$/)
      .last()
      .waitFor();
    expect(await page.getByTestId('alerts').innerText()).toMatch(/^가동 시간 [^:]+: 0초 초과$/m);
  });

  it('WB-58: gateway gone, what was firing is no news any more', async () => {
    const page = await open(PHONE);
    await page.locator('[data-testid=firing-strip][data-freshness=live]').waitFor();
    await app?.stop('SIGKILL');
    await page.locator('[data-testid=firing-strip][data-freshness=stale]').waitFor();
    const length = page.locator('[data-testid=alert] .alert-facts').first();
    const before = await length.innerText();
    await page.locator('[data-testid=countdown]').waitFor();
    await page.waitForFunction(() =>
      /attempt 2|1 s/.test(document.querySelector('.connection')?.textContent ?? ''),
    );
    expect(await length.innerText()).toBe(before);
    expect(await page.getByTestId('alerts-firing').innerText()).toMatch(/2 firing · as of \d\d:/);
  });

  it('WB-46: no Docker Engine, the page says so', async () => {
    const page = await open();
    await page.locator('[data-testid=no-containers][data-engine=down]').waitFor();
    expect(await page.getByTestId('no-containers').innerText()).toContain('enoent');
  });

  it('WB-69: key for metrics only, the page is live and denies no containers', async () => {
    const page = await open({}, {}, METRICS_KEY);
    await dashboard?.moves('cpu', 1);
    expect(await page.getByTestId('no-containers').getAttribute('data-known')).toBe('false');
  });
});

describeWith(['chromium', 'dockerd'], 'an empty engine in Chromium', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(close);
  afterAll(() => browser.close());

  it('WB-46: Docker Engine without containers, the page says that there are none', async () => {
    const engine = await startDocker();
    const page = await open({}, { DOCKER_HOST: engine.host });
    await page.locator('[data-testid=no-containers][data-engine=empty]').waitFor();
    await close();
    await engine.stop();
  });
});
