export type { DatabaseCause } from './classify-failure.js';
export type { Database, DatabaseState, ExclusiveSession, Flavour, Queryable, Row } from './database.js';
export type { Repeats } from './drop-recorded.js';
export { type Pglite, type PgliteOptions, startPglite } from './embedded/start-pglite.js';
export { STORE_ERRORS, StoreError, type StoreErrorCode } from './errors.js';
export { type MigrateResult, migrate } from './migrate.js';
export { type DatabaseOptions, openDatabase } from './open-database.js';
export { queryAlerts } from './query-alerts.js';
export { queryContainerEvents, queryContainers } from './query-containers.js';
export { queryDatabases } from './query-databases.js';
export { queryLogTail } from './query-log-tail.js';
export { queryLogs } from './query-logs.js';
export { queryMetrics } from './query-metrics.js';
export {
  type DeadLetterRecord,
  queryDeadLetters,
  queryPosition,
  type RecordedPosition,
} from './query-recorder.js';
export { queryLatest, querySeries } from './query-series.js';
export {
  type Batch,
  type BatchWriter,
  type BatchWriterOptions,
  createBatchWriter,
  type DeadLetter,
} from './record-batch.js';
export type { Sample } from './record-samples.js';
export { applyRetention, oldestKeptMs, prepareDays, type Retention, touchSeries } from './retention.js';
export { type RollUpOptions, rollUp } from './roll-up.js';
export type {
  AlertRecord,
  AlertsRequest,
  ContainerEvent,
  ContainerEventsRequest,
  ContainerState,
  ContainersRequest,
  DatabaseStatusRecord,
  Gap,
  LatestValue,
  LogRecord,
  LogsRequest,
  LogTail,
  LogTailRequest,
  MetricsAnswer,
  MetricsRequest,
  Page,
  Point,
  Series,
  SeriesFilter,
  SeriesIdentity,
  SeriesPoints,
} from './subjects.js';
