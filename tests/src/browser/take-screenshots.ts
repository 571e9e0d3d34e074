/** `node take-screenshots.js FOLDER`: makes the pictures of the documentation from the real application. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { pause } from '../support/within.js';
import { type DashboardPage, openDashboard } from './dashboard-page.js';
import { type Scene, startScene } from './screenshot-scene.js';

/** So that the charts have lines. */
const HISTORY_MS = 180_000;
/** So that gauges, charts and toasts have settled. */
const SETTLE_MS = 3000;
const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 1000 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 1400 },
  isMobile: true,
  hasTouch: true,
};

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node take-screenshots.js FOLDER\n');
  process.exit(2);
}
const scene = await startScene();
const browser = await launchChromium();
try {
  await takeAll(browser, scene, folder);
} finally {
  await browser.close();
  await scene.stop();
}

async function takeAll(browser: Browser, { address, engine, redis }: Scene, into: string): Promise<void> {
  const open = async (options: BrowserContextOptions) => {
    const dashboard = await openDashboard(browser, address, options);
    await dashboard.badge('live');
    return dashboard;
  };
  const shoot = async ({ page }: DashboardPage, name: string) => {
    await pause(SETTLE_MS);
    await page.screenshot({ path: join(into, `${name}.png`) });
    process.stdout.write(`${name}.png\n`);
  };

  await pause(HISTORY_MS);
  await engine.docker.getContainer('orders-worker').kill();
  const dark = await open({ ...DESKTOP, colorScheme: 'dark' });
  await shoot(dark, 'dashboard-dark');
  await shoot(await open({ ...DESKTOP, colorScheme: 'light' }), 'dashboard-light');
  await shoot(await open({ ...PHONE, colorScheme: 'light' }), 'phone');
  await shoot(await open({ ...DESKTOP, colorScheme: 'light', locale: 'ko-KR' }), 'korean');
  await redis.kill();
  await dark.badge('degraded');
  await shoot(dark, 'redis-down');
}
