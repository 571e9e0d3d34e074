/**
 * Entry `@pulsewire/shared-schema`: names, limits, words and message types. The schemas themselves cost 20 MB of
 * memory, so they have entries of their own: `./schemas`, and `./parse` for who reads bytes.
 */
export type { ClientMessage, ClientMessageType, FeedMessage, FeedMessageType } from './feed.js';
export { LIMITS, MIN_API_KEY_LENGTH, RECONNECT_STEPS_MS } from './limits.js';
export { comparePlaces, type LogPlace, NO_PLACE, placeOf, renderPlace } from './log-place.js';
export type {
  Alert,
  BusMessage,
  BusMessageType,
  CheckResult,
  ContainerStatus,
  DatabaseStatus,
  Incident,
  Log,
  ServiceStatus,
  SystemMetric,
} from './messages.js';
export {
  CONTAINER_METRIC_UNITS,
  type ContainerMetricType,
  HOST_METRIC_UNITS,
  type HostMetricType,
} from './metrics.js';
export {
  BUS_NAMES,
  CHANNELS,
  type Channel,
  CLOSE_CODES,
  type CloseCode,
  DEFAULT_TOPICS,
  HTTP_ERRORS,
  type HttpErrorCode,
  KEY_SUBPROTOCOL_PREFIX,
  OUTAGE_CAUSE,
  PAGE_PATHS,
  PARSE_ERRORS,
  type PageName,
  type ParseErrorCode,
  REFUSALS,
  type RefusalCode,
  STREAM_PATH,
  STREAM_PATH_ALIAS,
  STREAM_SUBPROTOCOL,
  TOPICS,
  type Topic,
} from './names.js';
export {
  CHANNEL_OF,
  compareLogIds,
  containerOf,
  hostOf,
  isSample,
  seriesKey,
  TOPIC_OF,
  timeOf,
} from './series.js';
export {
  BRIDGE_EVENTS,
  BRIDGE_LIMITS,
  BRIDGE_PATHS,
  type FigureName,
  HOST_UNREACHABLE,
  type HostFigures,
  type HostRecoveredBody,
  type HostUnreachableBody,
  type StatusBody,
  type StatusNotReadyBody,
  type StatusOfHost,
  type StatusOfService,
  type StreamedLogLine,
} from './status-bridge.js';
export {
  ALERT_STATES,
  type AlertState,
  CONTAINER_HEALTHS,
  CONTAINER_STATUSES,
  type ContainerHealth,
  type ContainerStatusName,
  LOG_ID_PATTERN,
  METRIC_SOURCES,
  type MetricSource,
  SEVERITIES,
  type Severity,
  TIME_PATTERN,
} from './words.js';
