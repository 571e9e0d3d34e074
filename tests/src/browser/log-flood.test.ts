import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { openDashboard } from './dashboard-page.js';
import { type ShopApp, startShopApp } from './shop-app.js';

const LINES_PER_SECOND = 1000;
const RECEIVED_LINES = 8000;

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

  it('WB-99: 1,000 lines a second, the list goes on at its end and holds no more rows than the screen needs', async () => {
    const dashboard = await openDashboard(browser, shop.address('/logs'));
    const { page } = dashboard;
    await page.locator('[data-testid=log-state][data-state=live]').waitFor();
    await page.getByTestId('log-row').first().waitFor();
    await dashboard.framesReceived(RECEIVED_LINES);
    expect(await page.getByTestId('log-list').getAttribute('data-follows')).toBe('true');
    expect(await page.getByTestId('log-row').count()).toBeLessThan(120);
    expect(dashboard.complaints).toEqual([]);
    await dashboard.close();
  }, 60_000);
});
