/** Which stretch of time is shown. A preset follows the clock; two moments that were chosen stay. Epoch milliseconds. */

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '30d', '90d', '1y'] as const;
export type Preset = (typeof PRESETS)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
export const PRESET_MS: Record<Preset, number> = {
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '6h': 360 * MINUTE_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '1y': 365 * DAY_MS,
};

/** Nothing shorter can be zoomed to: there would be nothing between two samples. */
export const SHORTEST_MS = 5000;
export const LONGEST_MS = 2 * PRESET_MS['1y'];

export type RangeChoice =
  | { readonly kind: 'preset'; readonly preset: Preset }
  | ({ readonly kind: 'fixed' } & Span);

export function deriveSpan(choice: RangeChoice, nowMs: number): Span {
  if (choice.kind === 'fixed') return { fromMs: choice.fromMs, toMs: choice.toMs };
  return { fromMs: nowMs - PRESET_MS[choice.preset], toMs: nowMs };
}

/** The span in order, not shorter than {@link SHORTEST_MS} about its middle, not longer than {@link LONGEST_MS}. */
export function normalizeSpan(oneMs: number, otherMs: number): Span {
  const fromMs = Math.round(Math.min(oneMs, otherMs));
  const toMs = Math.round(Math.max(oneMs, otherMs));
  if (toMs - fromMs > LONGEST_MS) return { fromMs: toMs - LONGEST_MS, toMs };
  if (toMs - fromMs >= SHORTEST_MS) return { fromMs, toMs };
  const middleMs = Math.round((fromMs + toMs) / 2);
  return { fromMs: middleMs - SHORTEST_MS / 2, toMs: middleMs + SHORTEST_MS / 2 };
}

/** Moved by a share of its length, and kept within `bounds`. */
export function panSpan(span: Span, share: number, bounds: Span): Span {
  const lengthMs = span.toMs - span.fromMs;
  const latestMs = Math.max(bounds.fromMs, bounds.toMs - lengthMs);
  const fromMs = Math.min(Math.max(span.fromMs + share * lengthMs, bounds.fromMs), latestMs);
  return normalizeSpan(fromMs, fromMs + lengthMs);
}

/** Made shorter (`factor` < 1) or longer about a moment that keeps its place, and kept within `bounds`. */
export function zoomSpan(span: Span, factor: number, aboutMs: number, bounds: Span): Span {
  const fromMs = Math.max(bounds.fromMs, aboutMs - (aboutMs - span.fromMs) * factor);
  const toMs = Math.min(bounds.toMs, aboutMs + (span.toMs - aboutMs) * factor);
  return normalizeSpan(fromMs, toMs);
}

/** True when the one is as good as the whole of the other. */
export function covers(span: Span, whole: Span): boolean {
  return span.fromMs <= whole.fromMs && span.toMs >= whole.toMs;
}

export function shiftSpan(span: Span, byMs: number): Span {
  return { fromMs: span.fromMs + byMs, toMs: span.toMs + byMs };
}
