import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { openDashboard } from './dashboard-page.js';
import { type FleetApp, startFleetApp } from './fleet-app.js';

const MESSAGES_PER_SECOND = 500;
const COUNTED_MESSAGES = 4000;
/** Four flushes and a tick, and what else may happen. */
const DRAWINGS_PER_SECOND = 8;

describeWith(['chromium', 'redis-server'], 'limits of the page', () => {
  let browser: Browser;
  let fleet: FleetApp;
  beforeAll(async () => {
    browser = await launchChromium();
    fleet = await startFleetApp(MESSAGES_PER_SECOND);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await fleet.stop();
  });

  it('WB-90: page opened, its scripts come compressed and are 150 kB at most', async () => {
    const dashboard = await openDashboard(browser, fleet.address);
    await dashboard.badge('live');
    const scripts = await dashboard.received('script');
    expect(scripts.map(({ encoding }) => encoding)).toEqual(scripts.map(() => 'gzip'));
    const bytes = scripts.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(150_000);
    await dashboard.close();
  });

  it('WB-91: 500 messages a second, are drawn together and not one by one', async () => {
    const dashboard = await openDashboard(browser, fleet.address, { viewport: { width: 1440, height: 900 } });
    await dashboard.badge('live');
    await dashboard.moves('cpu', 2);
    const drawings = await dashboard.countDrawings();
    await dashboard.framesReceived(COUNTED_MESSAGES);
    const { forMs, changes, paints } = await drawings();
    expect(COUNTED_MESSAGES / forMs).toBeGreaterThan((0.8 * MESSAGES_PER_SECOND) / 1000);
    expect(Math.min(changes, paints)).toBeGreaterThan(0);
    expect(Math.max(changes, paints)).toBeLessThanOrEqual((DRAWINGS_PER_SECOND * forMs) / 1000 + 1);
    await dashboard.close();
  }, 60_000);

  it('WB-92: strict policy, the page works without a violation', async () => {
    const dashboard = await openDashboard(browser, fleet.address);
    await dashboard.badge('live');
    await dashboard.moves('cpu', 2);
    await dashboard.page.getByTestId('theme-toggle').click();
    await dashboard.page.getByTestId('sort-cpu').click();
    await dashboard.page.locator('[data-testid=chart-cpu] canvas').first().waitFor();
    expect(dashboard.complaints).toEqual([]);
    await dashboard.close();
  });

  it('WB-92: strict policy, a script written into the page does not run', async () => {
    const dashboard = await openDashboard(browser, fleet.address);
    const policy = await dashboard.page.evaluate(async () => {
      const answer = await fetch(location.href);
      const script = document.createElement('script');
      script.textContent = 'window.smuggled = true';
      document.body.append(script);
      return { text: answer.headers.get('content-security-policy'), ran: 'smuggled' in window };
    });
    expect(policy.text).toContain("default-src 'self'");
    expect(policy.text).not.toMatch(/unsafe-inline|unsafe-eval/);
    expect(policy.ran).toBe(false);
    await dashboard.close();
  });
});
