/**
 * What the store remembers, as its users see it. Times are epoch milliseconds (`…Ms`); `null` means that the
 * producer did not say. A *series* is one curve: a metric of one host, container, mount or core.
 */
import type { Alert, ContainerStatus, DatabaseStatus, Log, MetricSource } from '@pulsewire/shared-schema';

export interface SeriesIdentity {
  metricType: string;
  source: MetricSource;
  host: string | null;
  container: string | null;
  mount: string | null;
  core: number | null;
}

export interface Series extends SeriesIdentity {
  id: number;
  /** Readable and unique, such as `cpu{source="host",host="web-1"}`. */
  key: string;
  unit: string | null;
  firstSeenMs: number;
  /** Up to a minute behind the newest sample. */
  lastSeenMs: number;
}

/** Every field that is given must match. */
export interface SeriesFilter {
  key?: string;
  metricType?: string;
  source?: MetricSource;
  host?: string;
  container?: string;
  mount?: string;
  core?: number;
}

export interface MetricsRequest extends SeriesFilter {
  fromMs: number;
  /** Not included. */
  toMs: number;
  /** Most points per series. */
  points: number;
}

export type Point = readonly [timeMs: number, min: number, avg: number, max: number];
/** A stretch without samples for more than three intervals of the series. */
export type Gap = readonly [fromMs: number, toMs: number];

export interface SeriesPoints {
  series: Series;
  points: readonly Point[];
  gaps: readonly Gap[];
}

export interface MetricsAnswer {
  series: readonly SeriesPoints[];
  /** Width of one point; 0 when the points are the samples themselves. */
  resolutionMs: number;
  /** Where none of the series has samples. */
  gaps: readonly Gap[];
}

export interface LatestValue {
  series: Series;
  timeMs: number;
  value: number;
  /** How much older the value is than its sample; 0 unless its collector hung. */
  staleMs: number;
}

export interface AlertRecord {
  alertId: string;
  rule: string;
  state: Alert['data']['state'];
  severity: Alert['data']['severity'];
  metricType: string;
  source: MetricSource;
  host: string;
  container: string | null;
  containerId: string | null;
  mount: string | null;
  core: number | null;
  value: number;
  threshold: number;
  message: string;
  startedAtMs: number;
  /** `null` while it fires. */
  resolvedAtMs: number | null;
  /** When it was last told about. */
  timeMs: number;
}

/** Alerts that fired at some time of the range; newest first. */
export interface AlertsRequest {
  fromMs: number;
  toMs: number;
  state?: AlertRecord['state'];
  host?: string;
  container?: string;
  limit: number;
  /** How many of the newest to pass over. */
  offset?: number;
}

/** `total` counts all that match, whatever the limit. */
export interface Page<T> {
  rows: readonly T[];
  total: number;
}

export interface ContainerState {
  name: string;
  host: string | null;
  id: string | null;
  image: string | null;
  status: ContainerStatus['data']['status'];
  health: NonNullable<ContainerStatus['data']['health']> | null;
  exitCode: number | null;
  startedAtMs: number | null;
  /** When it was last told about. */
  lastSeenMs: number;
  /** Since when it is in this status. */
  statusSinceMs: number;
  /** The container does not exist any more. */
  removed: boolean;
}

export interface ContainersRequest {
  host?: string;
  name?: string;
  /** Default: those that still exist. */
  removed?: boolean;
}

export interface ContainerEvent {
  timeMs: number;
  host: string | null;
  container: string;
  /** `null` for the first that was heard of the container. */
  previous: ContainerState['status'] | null;
  status: ContainerState['status'];
  health: ContainerState['health'];
  exitCode: number | null;
  removed: boolean;
}

export interface ContainerEventsRequest {
  fromMs: number;
  toMs: number;
  host?: string;
  container?: string;
  limit: number;
}

/** A `database_status` message's data, as it came. */
export type DatabaseStatusRecord = DatabaseStatus['data'];

export interface LogRecord {
  /** Give it as `before` to read on. */
  cursor: string;
  timeMs: number;
  host: string;
  service: string;
  level: Log['data']['level'];
  stream: Log['data']['stream'];
  seq: number;
  message: string;
}

/** Newest first, whatever is left out. */
export interface LogsRequest {
  service?: string;
  host?: string;
  level?: LogRecord['level'];
  /** Part of the message, whatever its case. */
  q?: string;
  fromMs?: number;
  toMs?: number;
  /** Only lines older than this one. Anything that is no cursor is refused with `cursor_invalid`. */
  before?: string;
  limit: number;
}

export interface LogTailRequest {
  /** The `position` of an earlier answer; `null` asks only where the log stands. */
  after: string | null;
  /** Lines whose own time is before it are passed over: it bounds what is looked at. */
  fromMs: number;
  limit: number;
}

export interface LogTail {
  lines: readonly LogRecord[];
  /** How many new lines, older than these, did not fit. */
  skipped: number;
  position: string;
}
