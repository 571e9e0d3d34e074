/** What the page shows, kept in its address: a link shows another person the same. Never throws, whatever the query. */
import { normalizeSpan, PRESETS, type Preset, type RangeChoice, type Span } from './range.js';

/** With which other stretch of time: none, the one just before, or one that begins at a chosen moment. */
export type Compare =
  | { readonly kind: 'none' }
  | { readonly kind: 'previous' }
  | { readonly kind: 'from'; readonly fromMs: number };

export interface HistoryState {
  readonly range: RangeChoice;
  /** A part of the range, looked at closely. */
  readonly zoom: Span | null;
  /** Keys; `null` until the reader chose any. */
  readonly series: readonly string[] | null;
  readonly compare: Compare;
  /** The area between lowest and highest. */
  readonly band: boolean;
  readonly marks: boolean;
  /** The moment that was picked. */
  readonly momentMs: number | null;
  /** The moment about which everything is played again. */
  readonly replayMs: number | null;
}

export const MAX_SERIES = 8;
const DEFAULT_PRESET: Preset = '1h';

export function readState(query: string): HistoryState {
  const fields = new URLSearchParams(query);
  const chosen = fields.getAll('series');
  return {
    range: readRange(fields),
    zoom: readSpan(fields.get('zoom')),
    series: fields.has('series') ? [...new Set(chosen.filter(Boolean))].slice(0, MAX_SERIES) : null,
    compare: readCompare(fields.get('compare')),
    band: fields.get('band') !== 'off',
    marks: fields.get('marks') !== 'off',
    momentMs: readMoment(fields.get('at')),
    replayMs: readMoment(fields.get('replay')),
  };
}

export function writeState(state: HistoryState): string {
  const fields = new URLSearchParams();
  if (state.range.kind === 'fixed') fields.set('range', writeSpan(state.range));
  else if (state.range.preset !== DEFAULT_PRESET) fields.set('range', state.range.preset);
  if (state.zoom !== null) fields.set('zoom', writeSpan(state.zoom));
  for (const key of state.series ?? []) fields.append('series', key);
  if (state.series?.length === 0) fields.set('series', '');
  if (state.compare.kind !== 'none')
    fields.set('compare', state.compare.kind === 'previous' ? 'previous' : writeMoment(state.compare.fromMs));
  if (!state.band) fields.set('band', 'off');
  if (!state.marks) fields.set('marks', 'off');
  if (state.momentMs !== null) fields.set('at', writeMoment(state.momentMs));
  if (state.replayMs !== null) fields.set('replay', writeMoment(state.replayMs));
  return fields.toString();
}

/** Whether the browser's back shall undo it: another stretch of time, another comparison, a replay. */
export function makesEntry(changed: Partial<HistoryState>): boolean {
  return 'range' in changed || 'zoom' in changed || 'compare' in changed || 'replayMs' in changed;
}

/** The stretch to compare with: as long as `span`. */
export function deriveCompareSpan(compare: Compare, span: Span): Span | null {
  const lengthMs = span.toMs - span.fromMs;
  switch (compare.kind) {
    case 'none':
      return null;
    case 'previous':
      return { fromMs: span.fromMs - lengthMs, toMs: span.fromMs };
    case 'from':
      return { fromMs: compare.fromMs, toMs: compare.fromMs + lengthMs };
  }
}

export function readMoment(text: string | null): number | null {
  const parsed = Date.parse(text ?? '');
  return Number.isNaN(parsed) ? null : parsed;
}

export function writeMoment(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function readRange(fields: URLSearchParams): RangeChoice {
  const text = fields.get('range');
  const preset = PRESETS.find((name) => name === text);
  if (preset !== undefined) return { kind: 'preset', preset };
  const span = readSpan(text);
  return span === null ? { kind: 'preset', preset: DEFAULT_PRESET } : { kind: 'fixed', ...span };
}

function readSpan(text: string | null): Span | null {
  const [from = null, to = null] = text?.split('~') ?? [];
  const fromMs = readMoment(from);
  const toMs = readMoment(to);
  return fromMs === null || toMs === null ? null : normalizeSpan(fromMs, toMs);
}

function writeSpan({ fromMs, toMs }: Span): string {
  return `${writeMoment(fromMs)}~${writeMoment(toMs)}`;
}

function readCompare(text: string | null): Compare {
  if (text === 'previous') return { kind: 'previous' };
  const fromMs = readMoment(text);
  return fromMs === null ? { kind: 'none' } : { kind: 'from', fromMs };
}
