/** The key figures of a database, by its kind, as label and text. Figures that its probe could not read are left out. */
import { formatBytes, formatMilliseconds, joined } from '../../format/quantity.js';
import type { DatabaseView } from '../../live/views.js';
import type { InfrastructureWords } from './words.js';

type Status = DatabaseView['status'];

export interface DatabaseFigure {
  readonly label: string;
  readonly text: string;
  /** 0–100 where the figure has a limit, else `null`. */
  readonly percent: number | null;
}

export function deriveFigures(status: Status, words: InfrastructureWords, locale: string): DatabaseFigure[] {
  const count = (value: number) => value.toLocaleString(locale);
  const plain = (label: string, value: number | undefined, write: (value: number) => string) =>
    value === undefined ? [] : [{ label, text: write(value), percent: null }];
  const bytes = (value: number) => joined(formatBytes(value));
  if (status.status === 'down') return [];
  const latency = plain(words.latency, status.latency_ms, (ms) => joined(formatMilliseconds(ms)));
  switch (status.kind) {
    case 'postgresql':
      return [
        ...latency,
        ...connections(status, words, count),
        ...plain(words.size, status.database_bytes, bytes),
      ];
    case 'mongodb':
      return [
        ...latency,
        ...plain(words.collections, status.collections, count),
        ...plain(words.storage, status.storage_bytes, bytes),
      ];
    case 'redis':
      return [
        ...latency,
        ...plain(words.memory, status.used_memory_bytes, bytes),
        ...plain(words.keys, status.keys, count),
        ...plain(words.clients, status.connected_clients, count),
      ];
  }
}

function connections(
  { active_connections: active, max_connections: most }: Status,
  words: InfrastructureWords,
  count: (value: number) => string,
): DatabaseFigure[] {
  if (active === undefined) return [];
  if (most === undefined || most === 0)
    return [{ label: words.connections, text: count(active), percent: null }];
  const text = words.ofMost(count(active), count(most));
  return [{ label: words.connections, text, percent: (100 * active) / most }];
}
