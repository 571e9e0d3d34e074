/** What dragging the brush does: a window over a whole, with two edges. Pure; epoch milliseconds. */
import { normalizeSpan, SHORTEST_MS, type Span } from './range.js';

export type BrushPart = 'from' | 'to' | 'window';

/** The window after `part` was moved by `byMs`; it stays within `whole`. */
export function moveBrush(window: Span, part: BrushPart, byMs: number, whole: Span): Span {
  if (part === 'from')
    return {
      fromMs: clamp(window.fromMs + byMs, whole.fromMs, window.toMs - SHORTEST_MS),
      toMs: window.toMs,
    };
  if (part === 'to')
    return {
      fromMs: window.fromMs,
      toMs: clamp(window.toMs + byMs, window.fromMs + SHORTEST_MS, whole.toMs),
    };
  const lengthMs = window.toMs - window.fromMs;
  const fromMs = clamp(window.fromMs + byMs, whole.fromMs, Math.max(whole.fromMs, whole.toMs - lengthMs));
  return normalizeSpan(fromMs, fromMs + lengthMs);
}

/** Where a moment lies in a span: 0 at its beginning, 1 at its end. */
export function shareOf(timeMs: number, { fromMs, toMs }: Span): number {
  return clamp((timeMs - fromMs) / (toMs - fromMs), 0, 1);
}

export function momentAt(share: number, { fromMs, toMs }: Span): number {
  return fromMs + clamp(share, 0, 1) * (toMs - fromMs);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
