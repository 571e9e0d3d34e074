/** What the log page shows, kept in its address. Never throws, whatever the query. */
import { LEVELS, type LogFilter } from './log-line.js';

export interface LogsState extends LogFilter {
  /** The moment that is looked at; `null`: what comes in now. */
  readonly atMs: number | null;
  /** Long messages take several lines. */
  readonly wrap: boolean;
}

export function readLogsState(query: string): LogsState {
  const fields = new URLSearchParams(query);
  const wanted = fields.get('level')?.split(',') ?? [];
  const levels = LEVELS.filter((level) => wanted.includes(level));
  const atMs = Date.parse(fields.get('at') ?? '');
  return {
    service: fields.get('service') || null,
    levels: levels.length === 0 ? LEVELS : levels,
    search: fields.get('q') ?? '',
    atMs: Number.isNaN(atMs) ? null : atMs,
    wrap: fields.get('wrap') === 'on',
  };
}

export function writeLogsState({ service, levels, search, atMs, wrap }: LogsState): string {
  const fields = new URLSearchParams();
  if (service !== null) fields.set('service', service);
  if (levels.length < LEVELS.length) fields.set('level', levels.join(','));
  if (search !== '') fields.set('q', search);
  if (atMs !== null) fields.set('at', new Date(atMs).toISOString());
  if (wrap) fields.set('wrap', 'on');
  return fields.toString();
}
