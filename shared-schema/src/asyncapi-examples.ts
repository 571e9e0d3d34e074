/** One valid example of every message, for the AsyncAPI document. A type without one does not compile. */
import type { ClientMessage, ClientMessageType, FeedMessage, FeedMessageType } from './feed.js';
import type { BusMessage, BusMessageType } from './messages.js';

type DataOf<M extends { type: string; data: unknown }, T extends M['type']> = Extract<M, { type: T }>['data'];

const TIME = '2026-01-17T04:30:00.000Z';
const SINCE = '2026-01-17T04:29:30.000Z';
export const EXAMPLE_ID = '1768624200000-0';

export const BUS_EXAMPLES: { [T in BusMessageType]: DataOf<BusMessage, T> } = {
  system_metric: {
    time: TIME,
    metric_type: 'cpu',
    value: 45.2,
    source: 'host',
    meta: { unit: 'percent', host: 'web-1' },
  },
  container_status: {
    container: 'tick-archiver',
    status: 'running',
    time: TIME,
    image: 'tick-archiver:1.4',
    host: 'web-1',
    health: 'healthy',
    exit_code: null,
    started_at: SINCE,
  },
  alert: {
    alert_id: 'web-1/cpu',
    rule: 'cpu>90 for 30s clear 80',
    state: 'firing',
    severity: 'critical',
    metric_type: 'cpu',
    source: 'host',
    value: 97.1,
    threshold: 90,
    message: 'cpu of web-1 is above 90 % for 30 s',
    time: TIME,
    started_at: SINCE,
    host: 'web-1',
  },
  database_status: {
    name: 'orders',
    kind: 'postgresql',
    status: 'up',
    latency_ms: 1.8,
    time: TIME,
    active_connections: 12,
    max_connections: 100,
  },
  check_result: {
    service_id: 'shop',
    status: 'up',
    response_ms: 84,
    status_code: 200,
    error_type: null,
    error: null,
    time: TIME,
  },
  service_status: { service_id: 'shop', status: 'down', previous: 'up', time: TIME },
  incident: {
    incident_id: '17',
    action: 'created',
    title: 'The shop does not answer',
    status: 'investigating',
    severity: 'major',
    services: ['shop'],
    time: TIME,
  },
  log: {
    service: 'tick-archiver',
    level: 'warn',
    message: 'the queue is half full',
    timestamp: TIME,
    host: 'web-1',
    stream: 'stderr',
    seq: 4711,
  },
};

export const FEED_EXAMPLES: { [T in FeedMessageType]: DataOf<FeedMessage, T> } = {
  hello: {
    client_id: 'c-1',
    server_time: TIME,
    version: '1.0.0',
    heartbeat_ms: 20_000,
    limits: { messages_per_second: 200, max_payload_bytes: 4096 },
    resumed: 'none',
    state: 'live',
    topics: ['metrics', 'alerts', 'containers', 'databases', 'events'],
  },
  snapshot: { phase: 'begin' },
  error: {
    code: 503,
    message: 'Service Unavailable',
    time: TIME,
    cause: 'redis_unavailable',
    since: SINCE,
    last_message_at: SINCE,
    retry_after_ms: 10_000,
  },
  status: { code: 200, message: 'OK', since: SINCE, outage_ms: 30_000, recovered: 412 },
  notice: { reason: 'conflated', skipped: 120, window_ms: 1000 },
  pong: { t: 123.4, server_time: TIME },
};

export const CLIENT_EXAMPLES: { [T in ClientMessageType]: DataOf<ClientMessage, T> } = {
  ping: { t: 123.4 },
  subscribe: { topics: ['alerts', 'metrics'], metric_type: ['cpu', 'mem'], host: ['web-1'], rate: 20 },
};
