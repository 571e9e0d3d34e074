/** `node take-widget-screenshots.js FOLDER`: makes the pictures of the status bridge's widget, before a real database. */
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { createRig, PUBLIC_KEY } from '../bridge/bridge-rig.js';
import { launchChromium } from '../support/chromium.js';

const FRAME: BrowserContextOptions = {
  viewport: { width: 600, height: 480 },
  deviceScaleFactor: 2,
  locale: 'en-US',
};

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node take-widget-screenshots.js FOLDER\n');
  process.exit(2);
}
const rig = await createRig();
const browser = await launchChromium();
try {
  await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
  await rig.records.figures('edge-1', { cpu: 7.4, mem: 31.8, disk: 68.3 });
  await rig.records.containers(
    { container: 'api-server', health: 'healthy' },
    { container: 'postgres', health: 'unhealthy' },
    { container: 'tick-archiver' },
    { container: 'a-container-with-a-rather-long-name-that-must-wrap-somewhere', host: 'edge-1' },
    { container: 'worker', host: 'edge-1', status: 'exited' },
  );
  const bridge = await rig.start();
  const page = await (await browser.newContext(FRAME)).newPage();
  await page.goto(`${bridge.url}/widget#key=${PUBLIC_KEY}`);
  await page.locator('#verdict').filter({ hasText: 'not running' }).waitFor();
  await page.screenshot({ path: join(folder, 'status-widget.png') });
  await rig.postgres.freeze();
  await page.getByText('A1 HOST UNREACHABLE').waitFor({ timeout: 60_000 });
  await page.screenshot({ path: join(folder, 'status-widget-unreachable.png') });
} finally {
  await rig.postgres.thaw();
  await browser.close();
  await rig.stop();
}
