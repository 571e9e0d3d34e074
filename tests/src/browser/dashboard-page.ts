/** The dashboard in a real browser, as tests see it: its badge, its gauges, its sockets, its drawn lines. */
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';

export interface DashboardPage {
  readonly page: Page;
  /** `performance.now()` of every connection attempt that the page made. */
  readonly attempts: readonly number[];
  /** Resolves when the page has tried to connect this many times in all. */
  attempted(count: number): Promise<void>;
  /** Resolves when the connection badge shows this state. */
  badge(state: string, timeoutMs?: number): Promise<void>;
  /** Resolves after the gauge has shown this many different values. */
  moves(gauge: string, times: number): Promise<void>;
  /** Widths of the unbroken pieces of the chart's first line, in pixels from left to right. */
  linePieces(chart: string): Promise<number[]>;
  /** Messages that came in over the page's sockets. */
  frameCount(): number;
  /** Resolves when so many more messages have come in over the page's sockets. */
  framesReceived(count: number): Promise<void>;
  /** Counts from now on; ask what it resolves with. */
  countDrawings(): Promise<() => Promise<Drawings>>;
  /** What the page has loaded of a kind, by the length that went over the wire. */
  received(kind: 'script'): Promise<{ encoding: string; bodyBytes: number }[]>;
  /** What the page wrote to its console as an error, and what it threw. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** How often a page was drawn. */
export interface Drawings {
  forMs: number;
  /** Times that something in the document changed. */
  changes: number;
  /** Of the chart that was painted most often. */
  paints: number;
}

/** Opens `url`; the caller closes. */
export async function openDashboard(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<DashboardPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const attempts: number[] = [];
  const complaints: string[] = [];
  const waiting = new Set<() => void>();
  const loaded: Response[] = [];
  let frames = 0;
  page.on('response', (response) => loaded.push(response));
  page.on('websocket', (socket) => {
    attempts.push(performance.now());
    for (const look of [...waiting]) look();
    socket.on('framereceived', () => {
      frames += 1;
      for (const look of [...waiting]) look();
    });
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  function until(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!reached()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }
  await page.goto(url);
  return {
    page,
    attempts,
    complaints,
    attempted: (count) => until(() => attempts.length >= count),
    frameCount: () => frames,
    framesReceived(count) {
      const target = frames + count;
      return until(() => frames >= target);
    },
    countDrawings: () => countDrawings(page),
    received: (kind) =>
      Promise.all(
        loaded
          .filter((response) => response.request().resourceType() === kind)
          .map(async (response) => ({
            encoding: (await response.headerValue('content-encoding')) ?? 'none',
            bodyBytes: (await response.request().sizes()).responseBodySize,
          })),
      ),
    async badge(state, timeoutMs = 15_000) {
      await page
        .locator(`[data-testid=connection-badge][data-state=${state}]`)
        .waitFor({ timeout: timeoutMs });
    },
    moves: (gauge, times) => watchValue(page, gauge, times),
    linePieces: (chart) => measurePieces(page, chart),
    close: () => context.close(),
  };
}

/** Changes made in one go count as one: the browser tells an observer of them together. */
async function countDrawings(page: Page): Promise<() => Promise<Drawings>> {
  const counter = await page.evaluateHandle(() => {
    const [beganMs, paints] = [performance.now(), new Map<unknown, number>()];
    let changes = 0;
    const observer = new MutationObserver(() => {
      changes += 1;
    });
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      paints.set(this, (paints.get(this) ?? 0) + 1);
      clearRect.apply(this, box);
    };
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    return () => ({
      forMs: performance.now() - beganMs,
      changes,
      paints: Math.max(0, ...paints.values()),
    });
  });
  return () => counter.evaluate((tell) => tell());
}

async function watchValue(page: Page, gauge: string, times: number): Promise<void> {
  const selector = `[data-testid=gauge-${gauge}]`;
  await page.locator(selector).first().waitFor();
  for (let seen = 0; seen < times; seen += 1) {
    const before = await page.locator(selector).first().getAttribute('data-value');
    await page.waitForFunction(
      ([query, value]) => document.querySelector(query ?? '')?.getAttribute('data-value') !== value,
      [selector, before],
    );
  }
}

/**
 * Reads the canvas back: a column of pixels belongs to the line when it holds the line's colour, and columns side
 * by side are one piece. What is drawn is what counts, not what the page believes to have drawn.
 */
function measurePieces(page: Page, chart: string): Promise<number[]> {
  return page.evaluate((id) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-testid=chart-${id}] canvas`);
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (image === undefined) return [];
    const { width, height, data } = image;
    const pieces: number[] = [];
    let run = 0;
    for (let x = 0; x <= width; x += 1) {
      let drawn = false;
      for (let y = 0; x < width && y < height && !drawn; y += 1) {
        const at = (y * width + x) * 4;
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
        // A saturated, opaque pixel: the line. Grid, labels and the translucent fill are not.
        drawn = alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
      }
      if (drawn) run += 1;
      else if (run > 0) {
        pieces.push(run);
        run = 0;
      }
    }
    return pieces;
  }, chart);
}
