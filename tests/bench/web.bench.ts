/**
 * What the dashboard costs the person who looks at it: JavaScript sent, and how busy the page's main thread is
 * with 500 messages a second coming in (from a Chromium trace). Must show 11.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDashboard } from '../src/browser/dashboard-page.js';
import { startFleetApp } from '../src/browser/fleet-app.js';
import { busyShare, TRACE_CATEGORIES } from '../src/browser/main-thread.js';
import { REPOSITORY_ROOT } from '../src/support/built-entry.js';
import { launchChromium } from '../src/support/chromium.js';
import { pause } from '../src/support/within.js';
import type { BenchOptions, BenchResult } from './harness.js';
import { round } from './harness.js';

const MESSAGES_PER_SECOND = 500;
const WARM_UP_MS = 5000;

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const { jsKb, files, laterKb } = measureScripts();
  const traceMs = quick ? 10_000 : 30_000;
  const desktop = await measureBusy({ width: 1440, height: 900, traceMs, note });
  const phone = await measureBusy({ width: 390, height: 844, traceMs, note });
  return {
    bench: 'web',
    rows: [
      { what: `JavaScript of the first page, gzip (${files} files)`, value: `${jsKb} kB`, limit: '150 kB' },
      { what: 'JavaScript of all other pages, gzip', value: `${laterKb} kB`, limit: '' },
      { what: 'main thread busy, desktop', value: `${desktop.percent} %`, limit: '25 %' },
      { what: 'messages received, desktop', value: `${round(desktop.messagesPerSecond, 0)} /s`, limit: '' },
      { what: 'main thread busy, phone width', value: `${phone.percent} %`, limit: '25 %' },
    ],
    figures: {
      js_gzip_kb: jsKb,
      js_later_gzip_kb: laterKb,
      main_thread_busy_percent: desktop.percent,
      main_thread_busy_percent_phone: phone.percent,
      messages_per_second: round(desktop.messagesPerSecond, 0),
    },
  };
}

/** What the document itself names is loaded with the first page; everything else when its page is opened. */
function measureScripts(): { jsKb: number; files: number; laterKb: number } {
  const dist = join(REPOSITORY_ROOT, 'web', 'dist');
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const scripts = readdirSync(join(dist, 'assets')).filter((file) => file.endsWith('.js'));
  const first = scripts.filter((file) => page.includes(file));
  const kbOf = (files: readonly string[]) =>
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, 'assets', file))).length, 0) / 1000;
  const later = scripts.filter((file) => !first.includes(file));
  return { jsKb: round(kbOf(first), 1), files: first.length, laterKb: round(kbOf(later), 1) };
}

interface Busy {
  percent: number;
  messagesPerSecond: number;
}

/** Rejects when the page did not show what came in: an idle page would look cheap. */
async function measureBusy(options: {
  width: number;
  height: number;
  traceMs: number;
  note: (line: string) => void;
}): Promise<Busy> {
  const { width, height, traceMs, note } = options;
  const fleet = await startFleetApp(MESSAGES_PER_SECOND);
  const browser = await launchChromium();
  try {
    const dashboard = await openDashboard(browser, fleet.address, { viewport: { width, height } });
    await dashboard.badge('live');
    await pause(WARM_UP_MS);
    note(`tracing ${traceMs / 1000} s at ${width} × ${height}, ${MESSAGES_PER_SECOND} messages/s`);
    await browser.startTracing(dashboard.page, { categories: TRACE_CATEGORIES });
    const framesBefore = dashboard.frameCount();
    await pause(traceMs);
    const messagesPerSecond = ((dashboard.frameCount() - framesBefore) * 1000) / traceMs;
    const trace = await browser.stopTracing();
    await dashboard.moves('cpu', 3);
    if (messagesPerSecond < 0.95 * MESSAGES_PER_SECOND)
      throw new Error(`only ${messagesPerSecond} messages/s reached the page`);
    return { percent: round(busyShare(trace, traceMs) * 100, 1), messagesPerSecond };
  } finally {
    await browser.close();
    await fleet.stop();
  }
}
