/**
 * What components read: immutable, and the same object as before wherever nothing changed, so that comparing by
 * identity is enough to know whether to draw. Times are epoch milliseconds of this machine's clock.
 */

import type {
  Alert,
  ContainerHealth,
  ContainerStatusName,
  DatabaseStatus,
  Topic,
} from '@pulsewire/shared-schema';
import type { LossReason, StreamStateName } from '@pulsewire/shared-schema/client';
import type { Freshness } from './freshness.js';

/** One value with its truth. `asOfMs` is set unless the value is live. */
export interface GaugeView {
  readonly value: number | null;
  readonly freshness: Freshness;
  readonly asOfMs: number | null;
}

export interface MountView extends GaugeView {
  readonly mount: string;
}
export interface CoreView extends GaugeView {
  readonly core: number;
}

export const HOST_GAUGES = [
  'cpu',
  'mem',
  'swap',
  'disk',
  'load1',
  'load5',
  'load15',
  'net_rx',
  'net_tx',
  'disk_read',
  'disk_write',
  'temperature',
  'uptime',
] as const;
export type HostGauge = (typeof HOST_GAUGES)[number];
/** The gauges that charts show the history of. */
export const CHARTED_GAUGES = [
  'cpu',
  'mem',
  'swap',
  'load1',
  'load5',
  'load15',
  'net_rx',
  'net_tx',
  'disk_read',
  'disk_write',
] as const satisfies readonly HostGauge[];

export interface HostView {
  /** Empty for the host of messages that name none. */
  readonly name: string;
  readonly gauges: Readonly<Record<HostGauge, GaugeView>>;
  readonly mounts: readonly MountView[];
  readonly cores: readonly CoreView[];
  /** Live while anything of the host is. */
  readonly freshness: Freshness;
  /** Set unless the host is live. */
  readonly lastSeenMs: number | null;
}

export interface ContainerView {
  readonly key: string;
  readonly name: string;
  readonly host: string;
  readonly status: ContainerStatusName;
  /** `null` while it does not run: what the engine still says is of its last run. */
  readonly health: ContainerHealth | null;
  readonly image: string;
  readonly exitCode: number | null;
  readonly startedAtMs: number | null;
  readonly cpuPercent: number | null;
  readonly memPercent: number | null;
  readonly memBytes: number | null;
  readonly freshness: Freshness;
  readonly asOfMs: number | null;
}

export interface DatabaseView {
  readonly key: string;
  readonly status: DatabaseStatus['data'];
  readonly freshness: Freshness;
  readonly asOfMs: number | null;
}

export type BadgeState =
  | 'idle'
  | 'connecting'
  | 'live'
  | 'degraded'
  | 'waiting'
  | 'rejected'
  | 'closed'
  | 'stale';

export interface ConnectionView {
  readonly badge: BadgeState;
  readonly stream: StreamStateName;
  /** Since when it is so, as far as known. */
  readonly sinceMs: number | null;
  readonly cause: string | null;
  readonly reason: LossReason | null;
  readonly attempt: number;
  readonly nextAtMs: number | null;
  readonly rejectedStatus: 401 | 403 | null;
  readonly lastMessageAtMs: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Until when the last notice holds that the feed is being thinned. */
  readonly thinnedUntilMs: number | null;
}

export interface AlertView {
  readonly data: Alert['data'];
  /** When the alert ended, null while it is firing. */
  readonly resolvedAtMs: number | null;
  readonly startedAtMs: number;
}

export interface ToastView {
  readonly id: string;
  readonly alert: AlertView;
  readonly expiresAtMs: number;
}

export interface LiveView {
  /** Now, in whole seconds. */
  readonly secondMs: number;
  readonly connection: ConnectionView;
  readonly hosts: readonly HostView[];
  readonly containers: readonly ContainerView[];
  /** False until the first container message: no containers is not the same as not knowing. */
  readonly containersKnown: boolean;
  readonly databases: readonly DatabaseView[];
  /** False until a first snapshot: no databases is not the same as not knowing. */
  readonly databasesKnown: boolean;
  /** What the feed brings to this key; `null` until the gateway says. */
  readonly topics: readonly Topic[] | null;
  /** False until a first snapshot: no alerts is not the same as not knowing. */
  readonly alertsKnown: boolean;
  /** The last moment of which it is known what was firing; null while that is now. */
  readonly alertsAsOfMs: number | null;
  readonly firing: readonly AlertView[];
  readonly recent: readonly AlertView[];
  readonly toasts: readonly ToastView[];
}
