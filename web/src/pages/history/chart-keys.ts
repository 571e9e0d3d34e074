/** What keys do on a chart: all that a pointer does, without one. Epoch milliseconds. */
import type { Span } from './range.js';

export type ChartKeyAction =
  | { readonly kind: 'cursor'; readonly timeMs: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'pick'; readonly timeMs: number }
  | { readonly kind: 'zoom'; readonly factor: number; readonly aboutMs: number };

const STEP = 0.01;
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowRight: STEP,
  ArrowDown: -STEP,
  ArrowUp: STEP,
  PageDown: -10 * STEP,
  PageUp: 10 * STEP,
};
const ZOOM_STEP = 0.5;

/** `null`: the key is none of the chart's. Without a cursor everything is about the right edge. */
export function deriveChartKey(key: string, cursorMs: number | null, span: Span): ChartKeyAction | null {
  const atMs = Math.min(Math.max(cursorMs ?? span.toMs, span.fromMs), span.toMs);
  const step = STEPS[key];
  if (step !== undefined) {
    const wantedMs = atMs + step * (span.toMs - span.fromMs);
    return { kind: 'cursor', timeMs: Math.min(Math.max(wantedMs, span.fromMs), span.toMs) };
  }
  switch (key) {
    case 'Home':
      return { kind: 'cursor', timeMs: span.fromMs };
    case 'End':
      return { kind: 'cursor', timeMs: span.toMs };
    case 'Escape':
      return { kind: 'leave' };
    case 'Enter':
      return { kind: 'pick', timeMs: atMs };
    case '+':
    case '=':
      return { kind: 'zoom', factor: ZOOM_STEP, aboutMs: atMs };
    case '-':
      return { kind: 'zoom', factor: 1 / ZOOM_STEP, aboutMs: atMs };
    default:
      return null;
  }
}
