/**
 * Entry `@pulsewire/shared-schema/rest`: paths, limits, error codes and types of the HTTP routes that answer from
 * history. The schemas and what checks a query with them have entries of their own (`./rest-schemas`,
 * `./rest-query`), because they cost memory that a browser does not need to spend. Source: contracts.md §4.
 */
import { HTTP_ERRORS, REFUSALS } from './names.js';

export type {
  AlertEntry,
  AlertList,
  AlertsQuery,
  ContainerEntry,
  ContainerEventEntry,
  ContainerEventList,
  ContainerEventsQuery,
  ContainerList,
  ContainersQuery,
  HistoryPoint,
  HistorySeries,
  HistorySpan,
  HostState,
  InfraContainer,
  InfraDatabase,
  InfraQuery,
  InfraStatus,
  LogEntry,
  LogList,
  LogsQuery,
  MetricsHistory,
  MetricsQuery,
  Pagination,
  RestError,
  SeriesEntry,
  SeriesList,
  SeriesQuery,
} from './rest-schemas.js';

/** What the API answers begins so. The stream's own paths do, too, and come first. */
export const API_PREFIX = '/api/';

export const REST_PATHS = {
  series: '/api/metrics/series',
  metrics: '/api/metrics',
  alerts: '/api/alerts',
  containers: '/api/containers',
  containerEvents: '/api/containers/events',
  logs: '/api/logs',
  infraStatus: '/api/admin/infra/status',
} as const;
export type RestRoute = keyof typeof REST_PATHS;

export const REST_LIMITS = {
  /** Most rows of a list, and how many come without `limit`. */
  rows: 100,
  /** Most points of one series, and how many come at most without `points`. */
  points: 5000,
  defaultPoints: 500,
  /** Most series of one answer; more are refused, so that the question is narrowed. */
  series: 200,
  /** Most points of one answer, of all series together: some 14 MB of JSON. */
  answerPoints: 200_000,
  /** Without `from`, a range begins so long before its end. */
  defaultRangeMs: 3_600_000,
  /** The same for alerts and what happened to containers. */
  defaultEventsRangeMs: 86_400_000,
  /** A value that is older than this is stale. */
  staleMs: 30_000,
  /** The same for the status of a container, which is told every 30 s. */
  containerStaleMs: 75_000,
  /** Requests of one key from one address within a minute. */
  requestsPerMinute: 1200,
  bodyBytes: 1_048_576,
} as const;

/** Code → HTTP status. */
export const REST_ERRORS = {
  ...HTTP_ERRORS,
  unauthorized: REFUSALS.unauthorized,
  /** The key is good, but not for this. */
  forbidden: 403,
  too_many_failures: REFUSALS.too_many_failures,
  too_many_requests: 429,
  /** `message` and the field `since` tell since when. */
  database_unavailable: 503,
  /** The question was too wide to be answered in time. */
  query_timed_out: 503,
} as const;
export type RestErrorCode = keyof typeof REST_ERRORS;
