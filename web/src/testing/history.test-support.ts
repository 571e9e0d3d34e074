/** For tests: recorded things with all that is not the point filled in. */
import type {
  AlertEntry,
  ContainerEntry,
  ContainerEventEntry,
  LogEntry,
  SeriesEntry,
} from '@pulsewire/shared-schema/rest';
import type { LoadedSeries } from '../pages/history/load-history.js';
import { iso } from './fake-stream.test-support.js';
import { START_MS } from './manual-clock.test-support.js';
import { alert } from './messages.test-support.js';

export function seriesEntry(more: Partial<SeriesEntry> = {}): SeriesEntry {
  return {
    key: 'cpu{host="web-01"}',
    unit: 'percent',
    metric_type: 'cpu',
    source: 'host',
    host: 'web-01',
    container: null,
    mount: null,
    core: null,
    first_seen: iso(START_MS),
    last_seen: iso(START_MS),
    ...more,
  };
}

/** Values at steps of `stepMs` from {@link START_MS}; `null` leaves one out. */
export function loadedSeries(
  values: readonly (number | null)[],
  more: Partial<LoadedSeries> = {},
): LoadedSeries {
  const { first_seen: _first, last_seen: _last, ...identity } = seriesEntry();
  const stepMs = more.resolutionMs || 1000;
  return {
    ...identity,
    points: values.flatMap((value, index): [number, number, number, number][] =>
      value === null ? [] : [[START_MS + index * stepMs, value - 1, value, value + 1]],
    ),
    gaps: [],
    resolutionMs: 0,
    ...more,
  };
}

export function alertEntry(
  startedMs: number,
  resolvedMs: number | null,
  more: Partial<AlertEntry> = {},
): AlertEntry {
  const state = resolvedMs === null ? 'firing' : 'resolved';
  const { data } = alert('a1', state, resolvedMs ?? startedMs, { started_at: iso(startedMs) });
  return { ...data, resolved_at: resolvedMs === null ? null : iso(resolvedMs), ...more };
}

export function containerEvent(timeMs: number, more: Partial<ContainerEventEntry> = {}): ContainerEventEntry {
  return {
    time: iso(timeMs),
    host: 'web-01',
    container: 'shop',
    previous: 'running',
    status: 'exited',
    health: null,
    exit_code: 0,
    removed: false,
    ...more,
  };
}

export function containerEntry(more: Partial<ContainerEntry> = {}): ContainerEntry {
  return {
    name: 'shop',
    host: 'web-01',
    image: 'shop:1',
    status: 'running',
    health: 'healthy',
    started_at: iso(START_MS - 3_600_000),
    stale: false,
    id: 'c1',
    exit_code: null,
    last_seen: iso(START_MS),
    status_since: iso(START_MS - 3_600_000),
    ...more,
  };
}

export function logEntry(seq: number, more: Partial<LogEntry> = {}): LogEntry {
  const timeMs = START_MS + seq * 100;
  return {
    service: 'shop',
    level: 'info',
    message: `line ${seq}`,
    timestamp: iso(timeMs),
    host: 'web-01',
    stream: 'stdout',
    seq,
    cursor: `${timeMs * 1000}-${seq}`,
    ...more,
  };
}
