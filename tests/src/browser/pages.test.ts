/** History, logs, infrastructure and replay, as a person meets them: the real application over a recorded past. */
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { type DashboardPage, openDashboard } from './dashboard-page.js';
import { type ShopApp, startShopApp } from './shop-app.js';

const iso = (timeMs: number) => new Date(timeMs).toISOString();

describeWith(['chromium', 'redis-server', 'postgresql'], 'pages', () => {
  let browser: Browser;
  let shop: ShopApp;
  let dashboard: DashboardPage | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
    shop = await startShopApp();
  }, 120_000);
  afterEach(async () => {
    await dashboard?.close();
    dashboard = undefined;
  });
  afterAll(async () => {
    await browser.close();
    await shop.stop();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    dashboard = await openDashboard(browser, shop.address(path), options);
    await dashboard.badge('live');
    return dashboard.page;
  }
  const chartOf = (page: Page) => page.getByTestId('history-chart').first();

  it('WB-93: the last hour, its gap is shaded once, and the right edge goes on with the feed', async () => {
    const page = await open('/history?range=1h');
    await page.locator('[data-testid=history-chart][data-gaps="1"]').waitFor();
    const last = await chartOf(page).getAttribute('data-last');
    await page.waitForFunction(
      (before) =>
        Number(document.querySelector<HTMLElement>('[data-testid=history-chart]')?.dataset['last']) >
        Number(before) + 5000,
      last,
    );
    expect(await chartOf(page).getAttribute('data-gaps')).toBe('1');
    expect(dashboard?.complaints).toEqual([]);
  });

  it('WB-93: dragged over, the chart shows that part, and double-clicked the whole again', async () => {
    const page = await open('/history?range=1h');
    await page.locator('[data-testid=history-chart][data-gaps="1"]').waitFor();
    const box = await chartOf(page).locator('.u-over').boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/zoom=/);
    await chartOf(page)
      .locator('.u-over')
      .dblclick({ position: { x: 200, y: 60 } });
    await page.waitForURL((url) => !url.search.includes('zoom='));
  });

  it('WB-93: marks, compare and the other controls, are reached and work with the keyboard', async () => {
    const page = await open(`/history?range=1h`);
    await page.getByTestId('mark').first().focus();
    await page.getByRole('tooltip').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/at=/);
    await page.getByTestId('compare').selectOption('previous');
    await page.getByRole('columnheader', { name: 'Average before' }).waitFor();
    await page.getByTestId('brush-from').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/zoom=/);
  });

  it('WB-93: the data saved as CSV, are the shown series', async () => {
    const page = await open('/history?range=15m');
    await page.locator('[data-testid=summary-row]').first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()]);
    const text = await readFile(await file.path(), 'utf8');
    const keys = new Set(text.match(/(?<=Z,")(?:[^"]|"")+(?=")/g));
    expect(keys.size).toBe(2);
    expect(text.split('\r\n').length).toBeGreaterThan(200);
  });

  it('WB-93: the charts saved as a picture, are a PNG', async () => {
    const page = await open('/history?range=15m');
    await page.locator('[data-testid=summary-row]').first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-png').click()]);
    const bytes = await readFile(await file.path());
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(bytes.length).toBeGreaterThan(5000);
  });

  it('WB-95: a picked moment, its logs around it, and back to the tail', async () => {
    const { crashMs } = shop.load;
    const page = await open(`/history?range=1h&at=${iso(crashMs)}`);
    await page.getByTestId('logs-at').click();
    await page.locator('.log-row.moment').waitFor();
    expect(await page.getByTestId('log-state').count()).toBe(0);
    await page.getByTestId('back-to-live').click();
    await page.locator('[data-testid=log-state][data-state=live]').waitFor();
  });

  it('WB-95: searched for and filtered, only such lines are shown, recorded and new ones', async () => {
    const page = await open('/logs');
    await page.getByTestId('log-row').first().waitFor();
    for (const level of ['debug', 'info', 'warn']) await page.getByTestId(`level-${level}`).click();
    await page.getByTestId('log-search').fill('GATEWAY TIMED OUT');
    await page.waitForURL(/q=GATEWAY/);
    await page.locator('.log-message mark').first().waitFor();
    const haveMoreThan = (lines: number) =>
      page.waitForFunction(
        (before) =>
          Number(document.querySelector<HTMLElement>('[data-testid=log-list]')?.dataset['lines']) > before,
        lines,
      );
    // A new line may match before the recorded ones have come.
    await haveMoreThan(99);
    await haveMoreThan(Number(await page.getByTestId('log-list').getAttribute('data-lines')));
    const shown = await page.getByTestId('log-row').allTextContents();
    expect(shown.filter((text) => !text.includes('payment gateway timed out'))).toEqual([]);
  });

  it('WB-95: paused, nothing moves, and going on shows what was held back', async () => {
    const page = await open('/logs');
    await page.getByTestId('log-row').first().waitFor();
    await page.getByTestId('log-pause').click();
    const held = await page.getByTestId('log-list').getAttribute('data-lines');
    await page
      .getByTestId('to-end')
      .filter({ hasText: /[1-9]\d* new/ })
      .waitFor();
    expect(await page.getByTestId('log-list').getAttribute('data-lines')).toBe(held);
    await page.getByTestId('to-end').click();
    await page.locator('[data-testid=log-state][data-state=live]').waitFor();
  });

  it('WB-96: replayed about the crash, the container is running, then exited with its alert', async () => {
    const page = await open(`/history?replay=${iso(shop.load.crashMs)}`);
    const worker = page.locator('[data-testid=replay] [data-container=orders-worker]');
    await worker.and(page.locator('[data-status=running]')).waitFor();
    await page
      .getByTestId('replay-slider')
      .fill(String(Math.floor(shop.load.crashMs / 1000) * 1000 + 30_000));
    await worker.and(page.locator('[data-status=exited]')).waitFor();
    await page.locator('[data-testid=replay] .alerts.has-firing').waitFor();
    await page.getByTestId('replay-speed-10').click();
    await worker.and(page.locator('[data-status=running]')).waitFor();
    await page.locator('[data-testid=replay-logs] [data-testid=log-row]').first().waitFor();
    await page.getByTestId('replay-close').click();
    await page.getByTestId('history-page').waitFor();
    expect(dashboard?.complaints).toEqual([]);
  });

  it('WB-97: infrastructure, resources, databases and containers are live', async () => {
    const page = await open('/infrastructure');
    await page.locator('[data-testid=bar-cpu][data-freshness=live]').first().waitFor();
    await page.locator('[data-testid=database][data-name=orders][data-status=up]').waitFor();
    await page.locator('[data-testid=database][data-name=cache][data-status=up]').waitFor();
    await page.locator('[data-container=shop-web]').waitFor();
    const cpu = await page.getByTestId('bar-cpu').first().getAttribute('data-value');
    await page.waitForFunction(
      (before) => document.querySelector('[data-testid=bar-cpu]')?.getAttribute('data-value') !== before,
      cpu,
    );
  });

  it('WB-102: a key for samples only, is told so by logs, databases, containers and alerts', async () => {
    dashboard = await openDashboard(browser, shop.address('/logs', 'narrow'));
    const { page } = dashboard;
    await page.locator('[data-testid=log-stream-note][data-state=rejected]').waitFor();
    expect(await page.getByTestId('no-lines').count()).toBe(0);
    await page.getByTestId('nav-infrastructure').click();
    await page.getByTestId('bar-cpu').first().waitFor();
    for (const part of ['no-databases', 'no-containers'])
      await page.getByTestId(part).getByText('This key may not read this.').waitFor();
    await page.getByTestId('nav-dashboard').click();
    await page.getByTestId('alerts').getByText('This key may not read this.').waitFor();
  });

  it('WB-95, WB-149: paused and scrolled up, older lines come, and new ones wait', async () => {
    const page = await open('/logs');
    await page.getByTestId('log-row').first().waitFor();
    await page.getByTestId('log-pause').click();
    const list = page.getByTestId('log-list');
    const before = Number(await list.getAttribute('data-lines'));
    await list.evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.waitForFunction(
      (held) =>
        Number(document.querySelector<HTMLElement>('[data-testid=log-list]')?.dataset['lines']) > held,
      before,
    );
    await page.locator('[data-testid=log-state][data-state=paused]').waitFor();
  });

  it('WB-98: the pages, are gone to and back from without loading anew', async () => {
    const page = await open('/', { viewport: { width: 390, height: 844 } });
    await page.evaluate(() => document.body.setAttribute('data-same', ''));
    for (const name of ['history', 'logs', 'infrastructure']) {
      await page.getByTestId(`nav-${name}`).click();
      await page.getByTestId(`${name}-page`).waitFor();
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    await page.goBack();
    await page.getByTestId('logs-page').waitFor();
    expect(await page.locator('body[data-same]').count()).toBe(1);
    expect(overflow).toBe(0);
  });

  it('WB-94: the database frozen, reads as an outage everywhere, keeps what was shown, and is over by itself', async () => {
    const page = await open('/history?range=15m');
    await page.locator('[data-testid=summary-row]').first().waitFor();
    await shop.postgres.freeze();
    try {
      await page.getByTestId('range-1h').click();
      await page.locator('[data-testid=failure][data-kind=outage]').waitFor({ timeout: 60_000 });
      expect(await page.getByTestId('empty-range').count()).toBe(0);
      expect(await page.getByTestId('nothing-recorded').count()).toBe(0);
      await page.locator('[data-testid=history-charts][data-freshness=stale]').waitFor();
    } finally {
      await shop.postgres.thaw();
    }
    await page.locator('[data-testid=history-charts][data-freshness=live]').waitFor({ timeout: 60_000 });
  });
});
