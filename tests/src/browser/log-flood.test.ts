import type { Browser, Page } from 'playwright-core';
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

  it('WB-148: 1,000 lines a second for longer than they are kept, then scrolled up, no line is missing', async () => {
    const dashboard = await openDashboard(browser, shop.address('/logs'));
    const { page } = dashboard;
    await page.locator('[data-testid=log-state][data-state=live]').waitFor();
    // The oldest have been dropped when there are fewer than before.
    await page.waitForFunction(
      () => {
        const place = document.querySelector<HTMLElement>('[data-testid=log-list]');
        const lines = Number(place?.dataset['lines']);
        const most = Math.max(lines, Number(document.body.dataset['most'] ?? 0));
        document.body.dataset['most'] = String(most);
        return lines < most - 1000;
      },
      undefined,
      { timeout: 60_000 },
    );
    await page.getByTestId('log-pause').click();
    const list = page.getByTestId('log-list');
    const held = Number(await list.getAttribute('data-lines'));
    for (let turn = 1; turn <= 3; turn += 1) {
      await list.evaluate((element) => {
        element.scrollTop = 40;
        element.scrollTop = 0;
      });
      await page.waitForFunction(
        (lines) =>
          Number(document.querySelector<HTMLElement>('[data-testid=log-list]')?.dataset['lines']) >= lines,
        held + turn * 90,
      );
    }
    // To where the database's lines meet those of the feed.
    await list.evaluate((element, count) => {
      element.scrollTop = (Number((element as HTMLElement).dataset['lines']) - count) * 22 - 200;
    }, held);
    await page.waitForFunction(() => document.querySelectorAll('.log-row').length > 20);
    const steps = await readSteps(page);
    expect(steps.length).toBeGreaterThan(20);
    expect(Math.max(...steps)).toBeLessThan(1500);
    await dashboard.close();
  }, 120_000);
});

/** From row to row, in ms. */
async function readSteps(page: Page): Promise<number[]> {
  const texts = await page.locator('.log-row .log-time').allTextContents();
  const timesMs = texts.map((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return (hours * 3600 + minutes * 60 + seconds) * 1000;
  });
  return timesMs.slice(1).map((timeMs, index) => Math.abs(timeMs - (timesMs[index] ?? 0)));
}
