import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { openDashboard } from './dashboard-page.js';
import { busyShare, TRACE_CATEGORIES } from './main-thread.js';
import { type ShopApp, startShopApp } from './shop-app.js';

const LINES_PER_SECOND = 1000;
/** Less than so long for a second's worth of lines: what was written before is still coming in. */
const STEADY_MS = 800;
const TRACED_LINES = 8000;

describeWith(['chromium', 'redis-server', 'postgresql'], 'a flood of logs', () => {
  let browser: Browser;
  let shop: ShopApp;
  beforeAll(async () => {
    browser = await launchChromium();
    shop = await startShopApp({ logsPerSecond: LINES_PER_SECOND });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await shop.stop();
  });

  it('WB-99: 1,000 lines a second, the newest is on the screen and the main thread works at most a quarter of the time', async () => {
    const dashboard = await openDashboard(browser, shop.address('/logs'));
    const { page } = dashboard;
    await page.locator('[data-testid=log-state][data-state=live]').waitFor();
    await page.getByTestId('log-row').first().waitFor();
    for (let tookMs = 0; tookMs < STEADY_MS; ) {
      const beforeMs = performance.now();
      await dashboard.framesReceived(LINES_PER_SECOND);
      tookMs = performance.now() - beforeMs;
    }
    await browser.startTracing(page, { categories: TRACE_CATEGORIES });
    const beganMs = performance.now();
    await dashboard.framesReceived(TRACED_LINES);
    const tracedMs = performance.now() - beganMs;
    const trace = await browser.stopTracing();
    expect(TRACED_LINES / tracedMs).toBeGreaterThan((0.8 * LINES_PER_SECOND) / 1000);
    const share = busyShare(trace, tracedMs, 'cpu');
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(0.25);
    expect(await page.getByTestId('log-list').getAttribute('data-follows')).toBe('true');
    expect(await page.getByTestId('log-row').count()).toBeLessThan(120);
    expect(dashboard.complaints).toEqual([]);
    await dashboard.close();
  }, 60_000);
});
