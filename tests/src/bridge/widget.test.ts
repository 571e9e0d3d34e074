/** The embeddable page in a real browser. Rules: status-bridge/SPEC.md. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ManualClock } from '@pulsewire/runtime';
import { createManualClock } from '@pulsewire/runtime';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { type BridgeRig, createRig, PUBLIC_KEY, type RunningBridge } from './bridge-rig.js';
import { pass, passUntil } from './pace.js';

const FILES = ['/widget', '/widget/widget.js', '/widget/widget.css'];
const FIGURES = { cpu: 45.2, mem: 62.1, disk: 12.5 };
const MARKUP = '<img src=x onerror=alert(1)>';

describeWith(['postgresql-server', 'chromium'], 'the widget of the status bridge', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  let browser: Browser;
  const servers: Server[] = [];
  beforeAll(async () => {
    rig = await createRig();
    await rig.records.containers(
      { container: 'api-server', health: 'healthy' },
      { container: MARKUP, status: 'exited' },
    );
    [bridge, browser] = await Promise.all([rig.start(), launchChromium()]);
  });
  // What is over 30 s old is stale.
  beforeEach(() => rig.records.figures('a1', FIGURES));
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.stop();
  });

  async function open(fragment = '', options: BrowserContextOptions = {}, from = bridge): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    const page = await context.newPage();
    await page.goto(`${from.url}/widget#key=${PUBLIC_KEY}${fragment}`);
    return page;
  }

  /** Frames the widget in a page of another server; its address. */
  async function frame(src: string): Promise<string> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<iframe src="${src}" width="400" height="500"></iframe>`);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const verdict = (page: Page, text: string | RegExp) =>
    page.locator('#verdict').filter({ hasText: text }).waitFor();

  it('SB-50: all files together, under 15 kB', async () => {
    const bodies = await Promise.all(FILES.map((path) => bridge.get({ path, key: null })));
    const size = bodies.reduce((sum, { body }) => sum + String(body['text']).length, 0);
    expect(size).toBeLessThan(15_000);
  });

  it('SB-50: figures and services, as they are', async () => {
    const page = await open();
    await verdict(page, '1 service is not running');
    expect(await page.locator('.figure b').allTextContents()).toEqual(['45 %', '62 %', '13 %']);
    expect(await page.locator('#services li').allTextContents()).toEqual([
      `${MARKUP}exited`,
      'api-serverrunning',
    ]);
  });

  it('SB-50: all running and one of them unhealthy, not called good', async () => {
    await rig.records.containers({ container: MARKUP, health: 'unhealthy' });
    const page = await open();
    await verdict(page, 'Something needs attention').finally(() =>
      rig.records.containers({ container: MARKUP, status: 'exited' }),
    );
    expect(await page.locator('main').getAttribute('data-verdict')).toBe('warning');
  });

  it('SB-50: nothing recorded yet, told so and not called stale', async () => {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    const infrastructure = { cpu: null, memory: null, disk: null, last_updated: null, stale_fields: [] };
    await page.route('**/api/status', (route) =>
      route.fulfill({ json: { infrastructure, services: [], hosts: [], stale: true } }),
    );
    await page.goto(`${bridge.url}/widget#key=${PUBLIC_KEY}`);
    await verdict(page, 'No status yet');
    expect(await page.locator('main').getAttribute('data-verdict')).toBe('none');
  });

  it('SB-51: unreachable, the warning; back, none', async () => {
    const clock: ManualClock = createManualClock(Date.now());
    const slow = await rig.start({ clock });
    const page = await open('', {}, slow);
    await passUntil(clock, verdict(page, '1 service is not running'));
    await rig.postgres.freeze();
    try {
      await pass(clock, 12);
      await passUntil(clock, page.getByText('A1 HOST UNREACHABLE').waitFor());
      expect(await page.getByRole('alert').textContent()).toContain('has not answered for over 10 seconds');
      expect(await page.locator('main').getAttribute('class')).toBe('past');
    } finally {
      await rig.postgres.thaw();
    }
    // The clock of this bridge is ahead by now.
    await rig.records.figures('a1', FIGURES, Date.now() - clock.nowMs());
    await passUntil(clock, page.getByRole('alert').waitFor({ state: 'hidden' }));
    await passUntil(clock, verdict(page, '1 service is not running'));
    await slow.stop();
  });

  it('SB-51: no key, told so and no A1 HOST UNREACHABLE', async () => {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    await page.goto(`${bridge.url}/widget`);
    await verdict(page, /key of this page is missing/);
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  it.each([
    ['the language of the browser', '', { locale: 'ko-KR' }, '서비스 1개'],
    ['the one that is asked for', '&lang=ko', { locale: 'en-US' }, '서비스 1개'],
    ['another one', '', { locale: 'fr-FR' }, '1 service is'],
  ])('SB-52: %s, spoken', async (_what, fragment, options, text) => {
    const page = await open(fragment, options);
    await verdict(page, text);
    expect(await page.locator('html').getAttribute('lang')).toBe(text.startsWith('1') ? 'en' : 'ko');
  });

  it.each([
    ['a dark system', '', 'dark', 'rgb(11, 15, 19)'],
    ['a light system', '', 'light', 'rgb(243, 245, 247)'],
    ['dark on a light system', '&theme=dark', 'light', 'rgb(11, 15, 19)'],
    ['light on a dark system', '&theme=light', 'dark', 'rgb(243, 245, 247)'],
  ] as const)('SB-52: %s, its colours', async (_what, fragment, colorScheme, color) => {
    const page = await open(fragment, { colorScheme });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(color);
  });

  it('SB-52: a small phone, nothing to scroll sideways', async () => {
    const page = await open('&lang=ko', { viewport: { width: 320, height: 568 } });
    await verdict(page, '서비스 1개');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('SB-53: framed by a page of an allowed origin, shown; by another one, not', async () => {
    const src = (from: RunningBridge) => `${from.url}/widget#key=${PUBLIC_KEY}`;
    const refusing = await (await browser.newContext()).newPage();
    await refusing.goto(await frame(src(bridge)));
    expect(await refusing.frameLocator('iframe').locator('#verdict').count()).toBe(0);
    // The address of the page must be known before the bridge is configured.
    const address = await frame('about:blank');
    const framed = await rig.start({ settings: { allowedOrigins: [address] } });
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    await page.goto(address);
    await page.evaluate((url) => {
      (document.querySelector('iframe') as HTMLIFrameElement).src = url;
    }, src(framed));
    await page.frameLocator('iframe').getByText('1 service is not running').waitFor();
    await framed.stop();
  });

  it('SB-53: while it runs, nothing asked of anybody else, no key in an address, no complaint', async () => {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url().split('#')[0] ?? ''));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${bridge.url}/widget#key=${PUBLIC_KEY}`);
    await verdict(page, '1 service');
    expect(asked.filter((url) => url !== 'data:,').map((url) => url.replace(bridge.url, ''))).toEqual(
      expect.arrayContaining([...FILES, '/api/status']),
    );
    expect(asked.every((url) => url.startsWith(`${bridge.url}/`) || url === 'data:,')).toBe(true);
    expect(asked.join()).not.toContain(PUBLIC_KEY);
    expect(complaints).toEqual([]);
  });

  it('SB-54: a service named like markup, its name as text', async () => {
    const page = await open();
    await page.getByText(MARKUP).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
});
