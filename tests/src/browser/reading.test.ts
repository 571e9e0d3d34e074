import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { poll } from '../support/within.js';
import { type DashboardPage, openDashboard } from './dashboard-page.js';
import { type ShopApp, startShopApp } from './shop-app.js';

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const query = (page: Page) => new URL(page.url()).searchParams;

describeWith(['chromium', 'redis-server', 'postgresql'], 'pages as somebody reads them', () => {
  let browser: Browser;
  let shop: ShopApp;
  let dashboard: DashboardPage | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
    shop = await startShopApp();
  }, 120_000);
  afterEach(() => dashboard?.close());
  afterAll(async () => {
    await browser.close();
    await shop.stop();
  });

  async function open(path: string, key?: 'narrow'): Promise<Page> {
    dashboard = await openDashboard(browser, shop.address(path, key), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return dashboard.page;
  }

  it('WB-182: a chosen line, is copied, and so is the way to what was written around it', async () => {
    const page = await open('/logs');
    await page.getByTestId('log-pause').click();
    const row = page.getByTestId('log-row').first();
    const message = await row.locator('.log-message').textContent();
    await row.click();
    await page.getByTestId('copy-line').click();
    await page.locator('[data-testid=copy-line][data-outcome=copied]').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(message);
    await page.getByTestId('copy-link').click();
    await page.locator('[data-testid=copy-link][data-outcome=copied]').waitFor();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    expect([link.pathname, link.hash]).toEqual(['/logs', '']);
    await page.getByTestId('log-around').click();
    await page.locator('.log-row.moment').waitFor();
    expect(page.url()).toBe(link.href);
  });

  it('WB-182: a window too narrow for its lines, wraps them on request, and no text is cut', async () => {
    const page = await open('/logs?wrap=on');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.log-list.wraps [data-testid=log-row]').first().waitFor();
    // In one piece: lines come all the while, and a row that has left the page has no height.
    const { cut, heights } = await page.evaluate(() => {
      const messages = [...document.querySelectorAll('.log-list.wraps .log-message')];
      const rows = [...document.querySelectorAll('[data-testid=log-row]')];
      return {
        cut: messages.filter((element) => element.scrollHeight > element.clientHeight + 1).length,
        heights: rows.map((element) => element.getBoundingClientRect().height),
      };
    });
    expect(cut).toBe(0);
    expect(Math.max(...heights)).toBeGreaterThan(Math.min(...heights));
    await page.getByTestId('log-wrap').click();
    await page.locator('.log-list:not(.wraps)').waitFor();
  });

  it('WB-183: zoomed, another range, then back twice, is what was shown first', async () => {
    const page = await open('/history?range=1h');
    await page.locator('[data-testid=summary-row]').first().waitFor();
    await page.getByTestId('zoom-in').click();
    await page.waitForURL(/zoom=/);
    await page.getByTestId('range-15m').click();
    await page.waitForURL(/range=15m/);
    await page.goBack();
    await page.waitForURL(/zoom=/);
    await page.goBack();
    await page.waitForFunction(() => !window.location.search.includes('zoom'));
    await page.locator('[data-testid=history-charts][data-freshness=live]').waitFor();
  });

  it('WB-183: back to an earlier range of one’s own, its fields have its moments', async () => {
    const page = await open('/history?range=2026-01-17T03:00:00.000Z~2026-01-17T04:00:00.000Z');
    const from = page.getByTestId('range-from');
    const first = await from.inputValue();
    await from.fill(first.replace(/:00(:00)?$/, ':30'));
    await page.getByTestId('range-apply').click();
    await page.waitForURL(/30%3A00|30:00/);
    await page.goBack();
    await page.waitForFunction(
      (value) => document.querySelector<HTMLInputElement>('[data-testid=range-from]')?.value === value,
      first,
    );
  });

  it('WB-184: keys move the cursor of a chart in which the pointer rests', async () => {
    const page = await open('/history?range=1h');
    const chart = page.getByTestId('chart-slider').first();
    await chart.click({ position: { x: 300, y: 80 } });
    await page.waitForURL(/at=/);
    await page.keyboard.press('PageDown');
    const told = await chart.getAttribute('aria-valuenow');
    const last = () => page.getByTestId('history-chart').first().getAttribute('data-last');
    const before = await last();
    await poll(async () => ((await last()) === before ? undefined : true), { what: 'a new sample' });
    expect(await chart.getAttribute('aria-valuenow')).toBe(told);
  });

  it('WB-184: a chart with the focus, tells its values, picks a moment and zooms by key alone', async () => {
    const page = await open('/history?range=1h');
    const chart = page.getByTestId('chart-slider').first();
    await chart.focus();
    await page.keyboard.press('PageDown');
    await page.getByTestId('read-out').first().waitFor();
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/CPU · shop-01 [\d.]+%; Memory/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/at=/);
    await page.keyboard.press('+');
    await page.waitForURL(/zoom=/);
    const [from = 0, to = 0] = (query(page).get('zoom') ?? '').split('~').map(Date.parse);
    const at = Date.parse(query(page).get('at') ?? '');
    expect(to - from).toBeLessThan(3_600_000 * 0.7);
    expect(at >= from && at <= to).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByTestId('read-out').first().waitFor({ state: 'detached' });
  });

  it('WB-185: a key for samples only, replays them, and is told what it may not read', async () => {
    const page = await open(`/history?replay=${iso(shop.load.crashMs)}`, 'narrow');
    await page.locator('[data-testid=replay] [data-testid=gauge-cpu]').first().waitFor();
    for (const part of ['no-containers', 'alerts'])
      await page.getByTestId('replay').getByTestId(part).getByText('This key may not read this.').waitFor();
  });

  it('WB-186: an event of the past, is found in the list and leads to its replay, and back to the charts', async () => {
    const page = await open('/history?range=1h');
    await page.locator('[data-testid=event-list] summary').click();
    // The machine itself is watched, too, and may have had an alert meanwhile.
    const events = page.getByTestId('event').filter({ hasText: 'orders-worker' });
    expect(await events.count()).toBe(4);
    await events.filter({ hasText: 'code 137' }).getByTestId('event-replay').click();
    await page.getByTestId('replay').waitFor();
    expect(Date.parse(query(page).get('replay') ?? '')).toBe(shop.load.crashMs);
    await page.goBack();
    await page.getByTestId('history-page').waitFor();
  });
});
