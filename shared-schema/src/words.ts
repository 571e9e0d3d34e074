/** Closed sets of words inside messages, and the shapes of their strings. No schema library is needed for them. */

/**
 * ISO 8601 UTC with `Z`, seconds or finer. Days that their month does not have and second 60 are refused, because
 * consumers would silently read another day, or nothing; the 29th of February passes in any year, because telling
 * leap years here costs more than it saves.
 */
export const TIME_PATTERN =
  '^\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|[12]\\d))' +
  'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?Z$';
/** A time as a query takes it: {@link TIME_PATTERN}, or milliseconds since the Unix epoch, as answers give them. */
export const QUERY_TIME_PATTERN = `${TIME_PATTERN}|^\\d{1,15}$`;
/** Text that a database can hold: PostgreSQL knows no NUL. */
export const NO_NUL_PATTERN = '^[^\\u0000]*$';
/** Redis Stream id: milliseconds, dash, sequence. Both parts are small enough to be compared as numbers. */
export const LOG_ID_PATTERN = '^\\d{1,15}-\\d{1,10}$';

export const METRIC_SOURCES = ['host', 'container'] as const;
export const CONTAINER_STATUSES = [
  'running',
  'exited',
  'paused',
  'restarting',
  'created',
  'dead',
  'removing',
] as const;
export const CONTAINER_HEALTHS = ['healthy', 'unhealthy', 'starting', 'none'] as const;
export const ALERT_STATES = ['firing', 'resolved'] as const;
export const SEVERITIES = ['warning', 'critical'] as const;
export const DATABASE_KINDS = ['postgresql', 'mongodb', 'redis'] as const;
export const UP_DOWN = ['up', 'down'] as const;
export const SERVICE_STATUSES = ['up', 'degraded', 'down'] as const;
export const INCIDENT_ACTIONS = ['created', 'updated', 'resolved'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const LOG_STREAMS = ['stdout', 'stderr'] as const;

export type MetricSource = (typeof METRIC_SOURCES)[number];
export type ContainerStatusName = (typeof CONTAINER_STATUSES)[number];
export type ContainerHealth = (typeof CONTAINER_HEALTHS)[number];
export type Severity = (typeof SEVERITIES)[number];
export type AlertState = (typeof ALERT_STATES)[number];
