/**
 * The alerts that are firing and the last that were resolved. Immutable: a message makes the next book and says
 * what, if anything, is news.
 */
import type { Alert, AlertState } from '@pulsewire/shared-schema';
import type { AlertView } from './views.js';

export const RECENT_KEPT = 50;

export interface AlertBook {
  /** Newest first, by id. */
  readonly firing: readonly AlertView[];
  /** Resolved, newest first. */
  readonly recent: readonly AlertView[];
}
export const EMPTY_BOOK: AlertBook = { firing: [], recent: [] };

/** What the page should tell: an alert that began, one that ended, or nothing new. */
export type AlertNews = 'began' | 'ended' | 'none';
type Known = 'unknown' | 'firing' | 'resolved';
type Step = 'begin' | 'update' | 'end' | 'record' | 'ignore';

/** `again`: the same id fires after it was resolved. */
const STEPS: Record<Known, Record<AlertState, Step>> = {
  unknown: { firing: 'begin', resolved: 'record' },
  firing: { firing: 'update', resolved: 'end' },
  resolved: { firing: 'begin', resolved: 'ignore' },
};
const NEWS: Record<Step, AlertNews> = {
  begin: 'began',
  update: 'none',
  end: 'ended',
  record: 'none',
  ignore: 'none',
};

export function applyAlert(book: AlertBook, data: Alert['data']): { book: AlertBook; news: AlertNews } {
  const known = find(book, data.alert_id);
  if (known !== null && Date.parse(known.alert.data.time) > Date.parse(data.time))
    return { book, news: 'none' };
  const step = STEPS[known?.state ?? 'unknown'][data.state];
  return { book: act(book, step, data), news: NEWS[step] };
}

/** After a complete snapshot: what it did not name as firing ended unseen, at an unknown time before `nowMs`. */
export function endUnnamed(book: AlertBook, named: ReadonlySet<string>, nowMs: number): AlertBook {
  const gone = book.firing.filter((alert) => !named.has(alert.data.alert_id));
  if (gone.length === 0) return book;
  const ended = gone.map((alert): AlertView => ({ ...alert, resolvedAtMs: nowMs }));
  return {
    firing: book.firing.filter((alert) => named.has(alert.data.alert_id)),
    recent: [...ended, ...book.recent].slice(0, RECENT_KEPT),
  };
}

/** The `count` that need a look first: critical ones, then the newest. */
export function mostUrgent(firing: readonly AlertView[], count: number): readonly AlertView[] {
  const rank = ({ data }: AlertView) => (data.severity === 'critical' ? 0 : 1);
  return firing.toSorted((a, b) => rank(a) - rank(b)).slice(0, count);
}

function act(book: AlertBook, step: Step, data: Alert['data']): AlertBook {
  if (step === 'ignore') return book;
  const view = viewOf(data);
  const firing = without(book.firing, data.alert_id);
  const recent = without(book.recent, data.alert_id);
  switch (step) {
    case 'begin':
      return { firing: [view, ...firing], recent };
    case 'update':
      return {
        firing: book.firing.map((alert) => (alert.data.alert_id === data.alert_id ? view : alert)),
        recent: book.recent,
      };
    case 'end':
    case 'record':
      return { firing, recent: [view, ...recent].slice(0, RECENT_KEPT) };
  }
}

function find(book: AlertBook, id: string): { state: AlertState; alert: AlertView } | null {
  const firing = book.firing.find((alert) => alert.data.alert_id === id);
  if (firing !== undefined) return { state: 'firing', alert: firing };
  const resolved = book.recent.find((alert) => alert.data.alert_id === id);
  return resolved === undefined ? null : { state: 'resolved', alert: resolved };
}

function without(alerts: readonly AlertView[], id: string): readonly AlertView[] {
  return alerts.filter((alert) => alert.data.alert_id !== id);
}

function viewOf(data: Alert['data']): AlertView {
  return {
    data,
    startedAtMs: Date.parse(data.started_at),
    resolvedAtMs: data.state === 'resolved' ? Date.parse(data.time) : null,
  };
}
