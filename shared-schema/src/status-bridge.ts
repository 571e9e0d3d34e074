/**
 * What the status bridge says to the outside: paths, events, limits and bodies. Source: specification 000 §3 and §4,
 * contracts.md §4.
 */
import type { Log } from './messages.js';
import type { ContainerHealth, ContainerStatusName } from './words.js';

export const BRIDGE_PATHS = {
  status: '/api/status',
  /** Where Socket.IO clients look unless they are told otherwise. */
  socket: '/socket.io',
  widget: '/widget',
} as const;

/** Events from the bridge; clients send none. */
export const BRIDGE_EVENTS = {
  metrics: 'metrics:update',
  logs: 'logs:stream',
  unreachable: 'host:unreachable',
  recovered: 'host:recovered',
  /** In place of `metrics:update` while the database is there and gives no status. */
  notReady: 'status:unavailable',
} as const;

export const BRIDGE_LIMITS = {
  /** No answer is older than this. */
  cacheMs: 1000,
  /** How often `metrics:update` comes. */
  updateMs: 5000,
  /** Silence of the database after which its host counts as unreachable. */
  unreachableAfterMs: 10_000,
  /** A sample older than this is stale. */
  staleMs: 30_000,
  /** Three reports of a container that did not come. */
  serviceStaleMs: 90_000,
  requestsPerMinuteOfKey: 6000,
  requestsPerMinuteOfAddress: 600,
  socketsOfAddress: 20,
  /** Of TCP, whatever they are used for. */
  connectionsOfAddress: 100,
  /** Most log lines within a second; older ones are skipped, and it is told how many. */
  logLinesPerSecond: 200,
  /** Longer messages are cut. In UTF-16 units. */
  logMessageLength: 4096,
} as const;

export const HOST_UNREACHABLE = {
  status: 503,
  error: 'A1_HOST_UNREACHABLE',
  message: 'A1 HOST UNREACHABLE',
} as const;

export type FigureName = 'cpu' | 'memory' | 'disk';

/** Percent, 0 to 100; `null` when there is no sample. Times are ISO 8601 UTC. */
export interface HostFigures {
  cpu: number | null;
  memory: number | null;
  disk: number | null;
  /** Of the newest of these samples. */
  last_updated: string | null;
  /** Which of the figures are over 30 s old. */
  stale_fields: readonly FigureName[];
}

export interface StatusOfHost extends HostFigures {
  /** `null` when the producer did not say. */
  host: string | null;
  stale: boolean;
}

export interface StatusOfService {
  name: string;
  status: ContainerStatusName;
  /** 1 running, 0 not. */
  uptime_val: 0 | 1;
  last_seen: string;
  host: string | null;
  health: ContainerHealth | null;
  /** Nothing was heard of it for so long that `status` may be past. */
  stale: boolean;
}

/** Body of `GET /api/status` and of `metrics:update`. */
export interface StatusBody {
  /** Of several hosts the highest figure of those that report. */
  infrastructure: HostFigures;
  services: readonly StatusOfService[];
  stale: boolean;
  hosts: readonly StatusOfHost[];
}

/** Body of the 503 answer and of `host:unreachable`. */
export interface HostUnreachableBody {
  error: typeof HOST_UNREACHABLE.error;
  message: typeof HOST_UNREACHABLE.message;
  last_updated: string | null;
}

/** `host:recovered`. */
export interface HostRecoveredBody {
  time: string;
  outage_ms: number;
}

/** `status:unavailable`: as the 503 answer of the GET. */
export interface StatusNotReadyBody {
  error: 'not_ready';
  message: string;
}

/** `logs:stream`. */
export type StreamedLogLine = Pick<Log['data'], 'service' | 'level' | 'message' | 'timestamp'>;
