/**
 * What the dashboard costs the person who looks at it: JavaScript sent, and how busy the page's main thread is
 * with 500 messages a second coming in (from a Chromium trace). Must show 11.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { openDashboard } from '../src/browser/dashboard-page.js';
import { startFleetLoad } from '../src/browser/fleet-load.js';
import { busyShare } from '../src/browser/main-thread.js';
import { builtEntry, REPOSITORY_ROOT } from '../src/support/built-entry.js';
import { launchChromium } from '../src/support/chromium.js';
import { startProcess } from '../src/support/process.js';
import { startRedis } from '../src/support/redis.js';
import { pause } from '../src/support/within.js';
import type { BenchOptions, BenchResult } from './harness.js';
import { round } from './harness.js';

const KEY = 'web-bench-key-0123456789';
const MESSAGES_PER_SECOND = 500;
const WARM_UP_MS = 5000;

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const { jsKb, files } = measureScripts();
  const traceMs = quick ? 10_000 : 30_000;
  const desktop = await measureBusy({ width: 1440, height: 900, traceMs, note });
  const phone = await measureBusy({ width: 390, height: 844, traceMs, note });
  return {
    bench: 'web',
    rows: [
      { what: `JavaScript, gzip (${files} files)`, value: `${jsKb} kB`, limit: '150 kB' },
      { what: 'main thread busy, desktop', value: `${desktop} %`, limit: '25 %' },
      { what: 'main thread busy, phone width', value: `${phone} %`, limit: '25 %' },
    ],
    figures: { js_gzip_kb: jsKb, main_thread_busy_percent: desktop, main_thread_busy_percent_phone: phone },
  };
}

function measureScripts(): { jsKb: number; files: number } {
  const folder = join(REPOSITORY_ROOT, 'web', 'dist', 'assets');
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
  return { jsKb: round(bytes / 1000, 1), files: scripts.length };
}

async function measureBusy(options: {
  width: number;
  height: number;
  traceMs: number;
  note: (line: string) => void;
}): Promise<number> {
  const { width, height, traceMs, note } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'pulsewire-bench-'));
  const redis = await startRedis();
  const env = { PORT: '0', DATA_DIR: dataDir, REDIS_URL: redis.url, API_KEYS: `bench:${KEY}` };
  const limits = { MAX_MESSAGES_PER_SECOND: '2000', HOST_NAME: 'here' };
  const app = await startProcess(process.execPath, [builtEntry('app')], { ...env, ...limits });
  const [, address = ''] = await app.line(/Pulsewire is live: (\S+)/);
  const bus = createRedisBus({ url: redis.url, name: 'fleet', logger: silentLogger });
  const load = startFleetLoad(bus, systemClock, MESSAGES_PER_SECOND);
  const browser = await launchChromium();
  try {
    const dashboard = await openDashboard(browser, `${address}#key=${KEY}`, { viewport: { width, height } });
    await dashboard.badge('live');
    await pause(WARM_UP_MS);
    note(`tracing ${traceMs / 1000} s at ${width} × ${height}, ${MESSAGES_PER_SECOND} messages/s`);
    await browser.startTracing(dashboard.page, {
      categories: ['toplevel', 'disabled-by-default-devtools.timeline'],
    });
    await pause(traceMs);
    const trace = await browser.stopTracing();
    return round(busyShare(trace, traceMs) * 100, 1);
  } finally {
    await browser.close();
    load.stop();
    await bus.stop();
    await app.stop();
    await redis.stop();
    rmSync(dataDir, { recursive: true });
  }
}
