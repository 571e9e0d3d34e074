/** Everything known of one host: its series, its clock, and the view made of them. */
import type { SystemMetric } from '@pulsewire/shared-schema';
import { asOfMs, deriveFreshness, type Flow, type Freshness } from './freshness.js';
import { UNKNOWN_INTERVAL_MS } from './gaps.js';
import { deriveLagMs, seenAt } from './host-clock.js';
import type { Ring } from './ring.js';
import { type PastPoint, Series } from './series.js';
import { share, shareList } from './sharing.js';
import {
  CHARTED_GAUGES,
  type CoreView,
  type GaugeView,
  HOST_GAUGES,
  type HostGauge,
  type HostView,
  type MountView,
} from './views.js';

/** How a message reached this page. */
export interface Arrival {
  readonly receivedAtMs: number;
  /** Part of a snapshot: its `time` tells its age, its arrival does not. */
  readonly snapshot: boolean;
  /** Server clock minus this machine's. */
  readonly clockOffsetMs: number;
}

const CHARTED: ReadonlySet<string> = new Set(CHARTED_GAUGES);
const KNOWN: ReadonlySet<string> = new Set(HOST_GAUGES);
/** A mount that was not heard of for so long, while others were, was unmounted. */
const FORGET_MOUNT_MS = 5 * 60_000;
/** Silent hosts are shown as such for a day. After that they are no news, and fleets that come and go add up. */
const FORGET_HOST_MS = 24 * 3_600_000;
const NEVER: GaugeView = { value: null, freshness: 'empty', asOfMs: null };

export class HostModel {
  readonly #gauges = new Map<string, Series>();
  readonly #mounts = new Map<string, Series>();
  readonly #cores = new Map<number, Series>();
  /** This machine's clock minus the host's, delay included; `null` before the first live message. */
  #lagMs: number | null = null;
  /** Stands in for it: the difference to the gateway's clock. */
  #assumedLagMs = 0;
  #lastSeenMs: number | null = null;
  /** Of any message, containers' and old ones' among them. */
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #view: HostView | undefined;

  constructor(readonly name: string) {}

  /** Now by the host's clock: where the right edge of its charts is. */
  nowMs(ownNowMs: number): number {
    return ownNowMs - (this.#lagMs ?? this.#assumedLagMs);
  }

  /** How often a sample of this metric comes. */
  intervalMs(metric: HostGauge): number {
    return this.#gauges.get(metric)?.intervalMs ?? UNKNOWN_INTERVAL_MS;
  }

  history(metric: HostGauge): Ring | null {
    return this.#gauges.get(metric)?.history ?? null;
  }

  /** True when nothing was heard of the host for a day. */
  isForgotten(nowMs: number): boolean {
    return nowMs - this.#heardAtMs > FORGET_HOST_MS;
  }

  /** The moment of a message of this host by this machine's clock. */
  locate(timeMs: number, arrival: Arrival): number {
    this.#heardAtMs = arrival.receivedAtMs;
    if (!Number.isFinite(timeMs)) return arrival.receivedAtMs;
    if (!arrival.snapshot) this.#lagMs = deriveLagMs(this.#lagMs, arrival.receivedAtMs - timeMs);
    this.#assumedLagMs = -arrival.clockOffsetMs;
    return seenAt(timeMs, this.#lagMs ?? this.#assumedLagMs, arrival.receivedAtMs);
  }

  apply(data: SystemMetric['data'], arrival: Arrival): void {
    const timeMs = Date.parse(data.time);
    if (!Number.isFinite(timeMs)) return;
    const seenAtMs = this.locate(timeMs, arrival);
    const series = this.#seriesOf(data);
    if (series === null) return;
    const admittedStaleMs = (data.meta.stale_s ?? 0) * 1000;
    if (!series.add({ timeMs, seenAtMs, value: data.value, admittedStaleMs })) return;
    if (this.#lastSeenMs === null || seenAtMs > this.#lastSeenMs) this.#lastSeenMs = seenAtMs;
  }

  /** Puts points before what the chart of this metric has. */
  backfill(metric: HostGauge, points: readonly PastPoint[]): void {
    this.#gauges.get(metric)?.backfill(points);
  }

  view(flow: Flow, nowMs: number): HostView {
    const before = this.#view;
    const gauges = Object.fromEntries(
      HOST_GAUGES.map((metric) => [
        metric,
        share(before?.gauges[metric], gaugeOf(this.#gauges.get(metric), flow, nowMs)),
      ]),
    ) as Record<HostGauge, GaugeView>;
    const mounts = this.#mountViews(flow, nowMs);
    const cores = this.#coreViews(flow, nowMs);
    const freshness = overall([...Object.values(gauges), ...mounts, ...cores], flow);
    this.#view = share(before, {
      name: this.name,
      gauges: share(before?.gauges as Record<HostGauge, GaugeView> | undefined, gauges),
      mounts,
      cores,
      freshness,
      lastSeenMs: freshness === 'live' ? null : this.#lastSeenMs,
    });
    return this.#view;
  }

  #mountViews(flow: Flow, nowMs: number): readonly MountView[] {
    for (const [mount, series] of this.#mounts)
      if ((this.#lastSeenMs ?? 0) - series.seenAtMs > FORGET_MOUNT_MS) this.#mounts.delete(mount);
    const before = new Map(this.#view?.mounts.map((view) => [view.mount, view]));
    const views = [...this.#mounts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([mount, series]) => share(before.get(mount), { mount, ...gaugeOf(series, flow, nowMs) }));
    return shareList(this.#view?.mounts, views);
  }

  #coreViews(flow: Flow, nowMs: number): readonly CoreView[] {
    const before = new Map(this.#view?.cores.map((view) => [view.core, view]));
    const views = [...this.#cores]
      .sort(([a], [b]) => a - b)
      .map(([core, series]) => share(before.get(core), { core, ...gaugeOf(series, flow, nowMs) }));
    return shareList(this.#view?.cores, views);
  }

  #seriesOf({ metric_type, meta }: SystemMetric['data']): Series | null {
    if (metric_type === 'cpu_core')
      return meta.core === undefined ? null : ensure(this.#cores, meta.core, false);
    if (metric_type === 'disk' && meta.mount !== undefined) return ensure(this.#mounts, meta.mount, false);
    return KNOWN.has(metric_type) ? ensure(this.#gauges, metric_type, CHARTED.has(metric_type)) : null;
  }
}

function ensure<K>(map: Map<K, Series>, key: K, keepsHistory: boolean): Series {
  let series = map.get(key);
  if (series === undefined) {
    series = new Series(keepsHistory);
    map.set(key, series);
  }
  return series;
}

function gaugeOf(series: Series | undefined, flow: Flow, nowMs: number): GaugeView {
  if (series === undefined) return NEVER;
  const freshness = deriveFreshness(series, flow, nowMs);
  return { value: series.value, freshness, asOfMs: freshness === 'live' ? null : asOfMs(series) };
}

/** A host is live while anything of it is; else the connection's word, else stale, else nothing yet. */
function overall(gauges: readonly GaugeView[], flow: Flow): Freshness {
  if (gauges.some((gauge) => gauge.freshness === 'live')) return 'live';
  if (gauges.every((gauge) => gauge.freshness === 'empty')) return 'empty';
  return flow === 'flowing' ? 'stale' : flow;
}
