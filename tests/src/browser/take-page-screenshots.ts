/** `node take-page-screenshots.js FOLDER`: makes the pictures of history, logs and infrastructure from the real application. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { pause } from '../support/within.js';
import { openDashboard } from './dashboard-page.js';
import { type ShopApp, startShopApp } from './shop-app.js';

/** So that charts are drawn and figures have settled. */
const SETTLE_MS = 5000;
/** A replay begins five minutes before its moment; at ten times its speed it has passed it by then. */
const REPLAY_MS = 34_000;
const DARK: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' };
const LIGHT: BrowserContextOptions = { ...DARK, colorScheme: 'light' };

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node take-page-screenshots.js FOLDER\n');
  process.exit(2);
}
const shop = await startShopApp();
const browser = await launchChromium();
try {
  await takeAll(browser, shop, folder);
} finally {
  await browser.close();
  await shop.stop();
}

async function takeAll(from: Browser, { address, load }: ShopApp, into: string): Promise<void> {
  const shoot = async (name: string, path: string, options: BrowserContextOptions, settleMs = SETTLE_MS) => {
    const { page, badge, close } = await openDashboard(from, address(path), options);
    await badge('live');
    if (settleMs === REPLAY_MS) await page.getByTestId('replay-speed-10').click();
    await pause(settleMs);
    await page.screenshot({ path: join(into, `${name}.png`) });
    process.stdout.write(`${name}.png\n`);
    await close();
  };
  const crash = new Date(load.crashMs).toISOString();
  await shoot('history', `/history?range=1h&at=${crash}`, DARK);
  await shoot('compare', '/history?range=1h&compare=previous', LIGHT);
  await shoot(
    'replay',
    `/history?replay=${crash}`,
    { ...DARK, viewport: { width: 1440, height: 1300 } },
    REPLAY_MS,
  );
  await shoot('logs', '/logs', DARK);
  await shoot('infrastructure', '/infrastructure', LIGHT);
}
