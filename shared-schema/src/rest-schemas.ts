/**
 * Entry `@pulsewire/shared-schema/rest-schemas`: what the HTTP routes take and answer, as JSON Schemas. In answers
 * `null` means that nobody said; times are ISO 8601 UTC, except in `points` and `gaps`, where thousands of them are
 * epoch milliseconds.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { AlertData, ContainerStatusData, DatabaseStatusData, LogData, SystemMetricData } from './messages.js';
import { REST_LIMITS, type RestRoute } from './rest.js';
import { METRIC_SOURCES, NO_NUL_PATTERN, QUERY_TIME_PATTERN, TIME_PATTERN } from './words.js';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ pattern: TIME_PATTERN, description: 'ISO 8601 UTC, ends in Z' });
const EpochMs = Type.Number({ description: 'milliseconds since the Unix epoch' });
const Text = Type.String();
const NonNegative = Type.Number({ minimum: 0 });

const QueryTime = Type.Optional(Type.String({ pattern: QUERY_TIME_PATTERN }));
const queryText = (maxLength: number) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, pattern: NO_NUL_PATTERN }));
const QueryName = queryText(256);
const QueryLimit = Type.Optional(Type.Integer({ minimum: 1, maximum: REST_LIMITS.rows }));
const QueryPage = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 }));
const seriesFields = {
  key: queryText(8192),
  metric_type: Type.Optional(SystemMetricData.properties.metric_type),
  source: Type.Optional(Type.Enum([...METRIC_SOURCES])),
  host: QueryName,
  container: QueryName,
  mount: queryText(4096),
  core: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
};
const range = { from: QueryTime, to: QueryTime };
const page = { page: QueryPage, limit: QueryLimit };

/** What each route takes after the question mark. Whole numbers are written in digits. */
export const QUERY_SCHEMAS = {
  series: Type.Object({ ...seriesFields, ...page }),
  metrics: Type.Object({
    ...seriesFields,
    ...range,
    points: Type.Optional(Type.Integer({ minimum: 2, maximum: REST_LIMITS.points })),
  }),
  alerts: Type.Object({
    ...range,
    ...page,
    state: Type.Optional(AlertData.properties.state),
    host: QueryName,
    container: QueryName,
  }),
  containers: Type.Object({ ...page, host: QueryName, container: QueryName }),
  containerEvents: Type.Object({ ...range, limit: QueryLimit, host: QueryName, container: QueryName }),
  logs: Type.Object({
    ...range,
    service: QueryName,
    host: QueryName,
    level: Type.Optional(LogData.properties.level),
    q: QueryName,
    before: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    limit: QueryLimit,
  }),
  infraStatus: Type.Object({ host: QueryName }),
} as const satisfies Record<RestRoute, TSchema>;

export const RestErrorBody = Type.Object({
  error: Text,
  message: Text,
  details: Type.Optional(Type.Array(Type.Object({ field: Text, message: Text }))),
  /** With `database_unavailable`. */
  since: Type.Optional(Time),
  cause: Type.Optional(Text),
});

const PaginationData = Type.Object({
  page: Type.Integer({ minimum: 1 }),
  limit: Type.Integer({ minimum: 1 }),
  total: Type.Integer({ minimum: 0 }),
  totalPages: Type.Integer({ minimum: 0 }),
});
const listOf = <T extends TSchema>(entry: T) =>
  Type.Object({ data: Type.Array(entry), pagination: PaginationData });

const seriesIdentity = {
  /** Unique; give it as `key` to ask for this series alone. */
  key: Text,
  unit: orNull(Text),
  metric_type: Text,
  source: SystemMetricData.properties.source,
  host: orNull(Text),
  container: orNull(Text),
  mount: orNull(Text),
  core: orNull(Type.Integer()),
};
const SeriesData = Type.Object({ ...seriesIdentity, first_seen: Time, last_seen: Time });
/** Time, minimum, average, maximum. */
const PointData = Type.Tuple([EpochMs, Type.Number(), Type.Number(), Type.Number()]);
/** From, to. */
const SpanData = Type.Tuple([EpochMs, EpochMs]);
const HistorySeriesData = Type.Object({
  ...seriesIdentity,
  points: Type.Array(PointData),
  /** Where this series has no samples. */
  gaps: Type.Array(SpanData),
});
const MetricsData = Type.Object({
  series: Type.Array(HistorySeriesData),
  /** Seconds that a point stands for; 0 when the points are the samples themselves. */
  resolution_s: NonNegative,
  /** Where none of the series has samples. */
  gaps: Type.Array(SpanData),
});

const AlertEntryData = Type.Object({ ...AlertData.properties, resolved_at: orNull(Time) });
const { status, health } = ContainerStatusData.properties;
const containerFacts = {
  name: Text,
  host: orNull(Text),
  image: orNull(Text),
  status,
  health: orNull(health),
  started_at: orNull(Time),
  /** Not heard of for longer than containers are told about. */
  stale: Type.Boolean(),
};
const ContainerEntryData = Type.Object({
  ...containerFacts,
  id: orNull(Text),
  exit_code: orNull(Type.Integer()),
  last_seen: Time,
  status_since: Time,
});
const ContainerEventData = Type.Object({
  time: Time,
  host: orNull(Text),
  container: Text,
  /** `null` for the first that was heard of the container. */
  previous: orNull(status),
  status,
  health: orNull(health),
  exit_code: orNull(Type.Integer()),
  removed: Type.Boolean(),
});
/** `cursor`: give it as `before` to read on from this line. */
const LogEntryData = Type.Object({ ...LogData.properties, cursor: Text });

const Value = orNull(Type.Number());
const HostStateData = Type.Object({
  name: orNull(Text),
  cpu: Value,
  memory: Value,
  disk: Value,
  swap: Value,
  load1: Value,
  load5: Value,
  load15: Value,
  net_rx: Value,
  net_tx: Value,
  disk_read: Value,
  disk_write: Value,
  temperature: Value,
  uptime_s: Value,
  /** Time of the newest value; `null` when there is none. */
  collected_at: orNull(Time),
  /** Names of the fields above whose value is old. */
  stale_fields: Type.Array(Text),
});
const InfraContainerData = Type.Object({
  ...containerFacts,
  cpu_percent: Value,
  mem_bytes: Value,
  mem_percent: Value,
});
const InfraDatabaseData = Type.Object({ ...DatabaseStatusData.properties, stale: Type.Boolean() });
const InfraData = Type.Object({
  /** The one that was asked for, or the first by name; every value `null` when no host is known. */
  host: HostStateData,
  hosts: Type.Array(HostStateData),
  containers: Type.Array(InfraContainerData),
  databases: Type.Array(InfraDatabaseData),
  /** Time of the newest of all these; `null` when nothing was heard yet. */
  collected_at: orNull(Time),
  /** `recorded`: nothing was heard on the bus yet, and this is what the database knows. */
  origin: Type.Enum(['live', 'recorded']),
  /** Seconds since `collected_at`. */
  age_s: orNull(NonNegative),
});

export const ANSWER_SCHEMAS = {
  series: listOf(SeriesData),
  metrics: MetricsData,
  alerts: listOf(AlertEntryData),
  containers: listOf(ContainerEntryData),
  /** Newest first; `truncated` when there are more. */
  containerEvents: Type.Object({ data: Type.Array(ContainerEventData), truncated: Type.Boolean() }),
  /** Newest first; `next_before` is `null` at the end. */
  logs: Type.Object({ data: Type.Array(LogEntryData), next_before: orNull(Text) }),
  infraStatus: InfraData,
} as const satisfies Record<RestRoute, TSchema>;

export type RestError = Static<typeof RestErrorBody>;
export type Pagination = Static<typeof PaginationData>;
export type SeriesEntry = Static<typeof SeriesData>;
export type HistoryPoint = Static<typeof PointData>;
export type HistorySpan = Static<typeof SpanData>;
export type HistorySeries = Static<typeof HistorySeriesData>;
export type MetricsHistory = Static<typeof MetricsData>;
export type AlertEntry = Static<typeof AlertEntryData>;
export type ContainerEntry = Static<typeof ContainerEntryData>;
export type ContainerEventEntry = Static<typeof ContainerEventData>;
export type LogEntry = Static<typeof LogEntryData>;
export type HostState = Static<typeof HostStateData>;
export type InfraContainer = Static<typeof InfraContainerData>;
export type InfraDatabase = Static<typeof InfraDatabaseData>;
export type InfraStatus = Static<typeof InfraData>;
export type SeriesList = Static<(typeof ANSWER_SCHEMAS)['series']>;
export type AlertList = Static<(typeof ANSWER_SCHEMAS)['alerts']>;
export type ContainerList = Static<(typeof ANSWER_SCHEMAS)['containers']>;
export type ContainerEventList = Static<(typeof ANSWER_SCHEMAS)['containerEvents']>;
export type LogList = Static<(typeof ANSWER_SCHEMAS)['logs']>;
export type SeriesQuery = Static<(typeof QUERY_SCHEMAS)['series']>;
export type MetricsQuery = Static<(typeof QUERY_SCHEMAS)['metrics']>;
export type AlertsQuery = Static<(typeof QUERY_SCHEMAS)['alerts']>;
export type ContainersQuery = Static<(typeof QUERY_SCHEMAS)['containers']>;
export type ContainerEventsQuery = Static<(typeof QUERY_SCHEMAS)['containerEvents']>;
export type LogsQuery = Static<(typeof QUERY_SCHEMAS)['logs']>;
export type InfraQuery = Static<(typeof QUERY_SCHEMAS)['infraStatus']>;
