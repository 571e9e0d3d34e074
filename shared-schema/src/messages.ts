/**
 * Messages on the bus. An envelope is `{ type, data, id? }`; `id` is the position in the channel's log and is
 * absent on messages of foreign producers. Source: contracts.md §1, specification 001 §3.
 */
import { type Static, type TSchema, Type } from 'typebox';
import {
  ALERT_STATES,
  CONTAINER_HEALTHS,
  CONTAINER_STATUSES,
  DATABASE_KINDS,
  INCIDENT_ACTIONS,
  LOG_LEVELS,
  LOG_STREAMS,
  METRIC_SOURCES,
  SERVICE_STATUSES,
  SEVERITIES,
  TIME_PATTERN,
  UP_DOWN,
} from './words.js';

const Time = Type.String({ pattern: TIME_PATTERN, description: 'ISO 8601 UTC, ends in Z' });
const Name = Type.String({ minLength: 1, maxLength: 256 });
const NonNegative = Type.Number({ minimum: 0 });
const oneOf = <const T extends readonly string[]>(values: T) => Type.Enum<[...T]>([...values]);

/** `meta` of a sample. `stale_s` is set when a collector hangs and the value is that many seconds old. */
const MetricMeta = Type.Object({
  unit: Type.Optional(Type.String({ maxLength: 64 })),
  host: Type.Optional(Name),
  container: Type.Optional(Name),
  mount: Type.Optional(Type.String({ maxLength: 4096 })),
  core: Type.Optional(Type.Integer({ minimum: 0 })),
  stale_s: Type.Optional(NonNegative),
});

export const SystemMetricData = Type.Object({
  time: Time,
  metric_type: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
  value: Type.Number(),
  source: oneOf(METRIC_SOURCES),
  meta: MetricMeta,
});

export const ContainerStatusData = Type.Object({
  container: Name,
  status: oneOf(CONTAINER_STATUSES),
  time: Time,
  id: Type.Optional(Type.String({ maxLength: 128 })),
  image: Type.Optional(Type.String({ maxLength: 1024 })),
  host: Type.Optional(Name),
  health: Type.Optional(oneOf(CONTAINER_HEALTHS)),
  exit_code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  started_at: Type.Optional(Type.Union([Time, Type.Null()])),
  /** The name that this container had before; set on the message that a rename causes. */
  previous_name: Type.Optional(Name),
  /** True on the last message of a container: it does not exist any more. */
  removed: Type.Optional(Type.Boolean()),
});

export const AlertData = Type.Object({
  alert_id: Name,
  rule: Type.String({ minLength: 1, maxLength: 1024 }),
  state: oneOf(ALERT_STATES),
  severity: oneOf(SEVERITIES),
  metric_type: Type.String({ minLength: 1, maxLength: 64 }),
  source: oneOf(METRIC_SOURCES),
  value: Type.Number(),
  threshold: Type.Number(),
  message: Type.String({ maxLength: 4096 }),
  time: Time,
  started_at: Time,
  host: Name,
  container: Type.Optional(Name),
  /** With `mount` and `core`, which series it is about: a container may be renamed while its alert fires. */
  container_id: Type.Optional(Name),
  mount: Type.Optional(Type.String({ maxLength: 4096 })),
  core: Type.Optional(Type.Integer({ minimum: 0 })),
});

export const DatabaseStatusData = Type.Object({
  name: Name,
  kind: oneOf(DATABASE_KINDS),
  status: oneOf(UP_DOWN),
  latency_ms: NonNegative,
  time: Time,
  host: Type.Optional(Name),
  error: Type.Optional(Type.String({ maxLength: 4096 })),
  active_connections: Type.Optional(NonNegative),
  max_connections: Type.Optional(NonNegative),
  database_bytes: Type.Optional(NonNegative),
  collections: Type.Optional(NonNegative),
  storage_bytes: Type.Optional(NonNegative),
  used_memory_bytes: Type.Optional(NonNegative),
  keys: Type.Optional(NonNegative),
  connected_clients: Type.Optional(NonNegative),
});

export const CheckResultData = Type.Object({
  service_id: Name,
  status: oneOf(SERVICE_STATUSES),
  response_ms: Type.Union([NonNegative, Type.Null()]),
  status_code: Type.Union([Type.Integer(), Type.Null()]),
  error_type: Type.Union([Type.String({ maxLength: 128 }), Type.Null()]),
  error: Type.Union([Type.String({ maxLength: 4096 }), Type.Null()]),
  time: Time,
});

export const ServiceStatusData = Type.Object({
  service_id: Name,
  status: oneOf(SERVICE_STATUSES),
  previous: Type.Union([oneOf(SERVICE_STATUSES), Type.Null()]),
  time: Time,
});

export const IncidentData = Type.Object({
  incident_id: Name,
  action: oneOf(INCIDENT_ACTIONS),
  title: Type.String({ maxLength: 1024 }),
  status: Type.String({ maxLength: 64 }),
  severity: Type.String({ maxLength: 64 }),
  services: Type.Array(Type.String({ maxLength: 256 })),
  time: Time,
});

export const LogData = Type.Object({
  service: Name,
  level: oneOf(LOG_LEVELS),
  message: Type.String(),
  timestamp: Time,
  host: Name,
  stream: oneOf(LOG_STREAMS),
  seq: Type.Integer({ minimum: 0 }),
});

/** Every message type on the bus. A new type is one line here; all consumers then fail to compile. */
export const BUS_DATA_SCHEMAS = {
  system_metric: SystemMetricData,
  container_status: ContainerStatusData,
  alert: AlertData,
  database_status: DatabaseStatusData,
  check_result: CheckResultData,
  service_status: ServiceStatusData,
  incident: IncidentData,
  log: LogData,
} as const satisfies Record<string, TSchema>;

export type BusMessageType = keyof typeof BUS_DATA_SCHEMAS;
export const BUS_MESSAGE_TYPES = Object.keys(BUS_DATA_SCHEMAS) as BusMessageType[];

interface Envelope<T extends BusMessageType> {
  type: T;
  data: Static<(typeof BUS_DATA_SCHEMAS)[T]>;
  /** Position in the channel's log. Absent on foreign messages and on messages not yet published. */
  id?: string;
  /**
   * True when the producer could not know whether an earlier attempt arrived and published again. Consumers
   * that saw the same `type` and `data` before ignore it.
   */
  redelivered?: boolean;
}

export type SystemMetric = Envelope<'system_metric'>;
export type ContainerStatus = Envelope<'container_status'>;
export type Alert = Envelope<'alert'>;
export type DatabaseStatus = Envelope<'database_status'>;
export type CheckResult = Envelope<'check_result'>;
export type ServiceStatus = Envelope<'service_status'>;
export type Incident = Envelope<'incident'>;
export type Log = Envelope<'log'>;

export type BusMessage =
  | SystemMetric
  | ContainerStatus
  | Alert
  | DatabaseStatus
  | CheckResult
  | ServiceStatus
  | Incident
  | Log;
