/** The containers of all hosts, by host and name: their last status and their newest samples. */
import type { ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';
import { asOfMs, deriveFreshness, type Flow, type Sighting } from './freshness.js';
import { Series } from './series.js';
import { share, shareList } from './sharing.js';
import type { ContainerView } from './views.js';

type Status = ContainerStatus['data'];

/** Every status is repeated every 30 s (contracts.md §1). */
const STATUS_INTERVAL_MS = 30_000;
/** By then a container that exists has told its status. */
const FORGET_UNNAMED_MS = 3 * STATUS_INTERVAL_MS;

interface Entry {
  readonly host: string;
  status: Status | null;
  statusTimeMs: number;
  statusSeenMs: number;
  metricSeenMs: number;
  /** Named in the snapshot that is being received. */
  confirmed: boolean;
  readonly cpu: Series;
  readonly mem: Series;
  readonly memBytes: Series;
}

export class ContainerModel {
  readonly #entries = new Map<string, Entry>();
  #views = new Map<string, ContainerView>();
  #list: readonly ContainerView[] | undefined;
  #known = false;

  /** True once any container was heard of, even if none is left. */
  get known(): boolean {
    return this.#known;
  }

  applyStatus(data: Status, seenAtMs: number): void {
    this.#known = true;
    const host = data.host ?? '';
    const timeMs = Date.parse(data.time);
    if (data.previous_name !== undefined) this.#rename(host, data.previous_name, data.container);
    const entry = this.#ensure(host, data.container);
    if (timeMs < entry.statusTimeMs) return;
    if (data.removed === true) {
      this.#entries.delete(keyOf(host, data.container));
      return;
    }
    entry.status = data;
    entry.statusTimeMs = timeMs;
    entry.statusSeenMs = seenAtMs;
    entry.confirmed = true;
    this.#dropFormerNames(host, data);
  }

  applyMetric(data: SystemMetric['data'], seenAtMs: number): void {
    if (data.meta.container === undefined) return;
    const entry = this.#ensure(data.meta.host ?? '', data.meta.container);
    entry.metricSeenMs = seenAtMs;
    const series = seriesOf(entry, data.metric_type);
    series?.add({
      timeMs: Date.parse(data.time),
      seenAtMs,
      value: data.value,
      admittedStaleMs: (data.meta.stale_s ?? 0) * 1000,
    });
  }

  /** Between these two calls everything that exists is named; what is not named has gone in our absence. */
  beginCensus(): void {
    for (const entry of this.#entries.values()) entry.confirmed = false;
  }

  endCensus(): void {
    for (const [key, entry] of this.#entries) if (!entry.confirmed) this.#entries.delete(key);
  }

  forgetHost(host: string): void {
    for (const [key, entry] of this.#entries) if (entry.host === host) this.#entries.delete(key);
  }

  /** Samples that no status explained are late ones of containers that were removed. */
  forgetUnnamed(nowMs: number): void {
    for (const [key, entry] of this.#entries)
      if (entry.status === null && nowMs - entry.metricSeenMs > FORGET_UNNAMED_MS) this.#entries.delete(key);
  }

  /** `quietHosts`: hosts of which nothing is heard; then nothing is known of their containers either. */
  view(flow: Flow, nowMs: number, quietHosts: ReadonlySet<string>): readonly ContainerView[] {
    const views = new Map<string, ContainerView>();
    for (const [key, entry] of this.#entries) {
      // Samples without a status may belong to a container that was just removed.
      if (entry.status === null) continue;
      views.set(
        key,
        share(
          this.#views.get(key),
          viewOf(key, entry, entry.status, flow, nowMs, quietHosts.has(entry.host)),
        ),
      );
    }
    this.#views = views;
    this.#list = shareList(this.#list, [...views.values()]);
    return this.#list;
  }

  #ensure(host: string, name: string): Entry {
    const key = keyOf(host, name);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = {
        host,
        status: null,
        statusTimeMs: Number.NEGATIVE_INFINITY,
        statusSeenMs: Number.NEGATIVE_INFINITY,
        metricSeenMs: Number.NEGATIVE_INFINITY,
        confirmed: false,
        cpu: new Series(false),
        mem: new Series(false),
        memBytes: new Series(false),
      };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #rename(host: string, from: string, to: string): void {
    const entry = this.#entries.get(keyOf(host, from));
    if (entry === undefined || from === to) return;
    this.#entries.delete(keyOf(host, from));
    if (!this.#entries.has(keyOf(host, to))) this.#entries.set(keyOf(host, to), entry);
  }

  /** The same container under another name: its rename was missed. */
  #dropFormerNames(host: string, data: Status): void {
    if (data.id === undefined) return;
    for (const [key, other] of this.#entries)
      if (other.host === host && other.status?.id === data.id && other.status.container !== data.container)
        this.#entries.delete(key);
  }
}

function keyOf(host: string, name: string): string {
  return `${host}\u0000${name}`;
}

function seriesOf(entry: Entry, metric: string): Series | null {
  switch (metric) {
    case 'cpu':
      return entry.cpu;
    case 'mem':
      return entry.mem;
    case 'mem_bytes':
      return entry.memBytes;
    default:
      return null;
  }
}

function viewOf(
  key: string,
  entry: Entry,
  status: Status,
  flow: Flow,
  nowMs: number,
  hostQuiet: boolean,
): ContainerView {
  const sighting: Sighting = {
    seenAtMs: entry.statusSeenMs,
    intervalMs: STATUS_INTERVAL_MS,
    admittedStaleMs: 0,
  };
  const own = deriveFreshness(sighting, flow, nowMs);
  const freshness = own === 'live' && hostQuiet ? 'stale' : own;
  const measured = status.status === 'running' || status.status === 'paused';
  return {
    key,
    name: status.container,
    host: entry.host,
    status: status.status,
    health: measured ? (status.health ?? 'none') : null,
    image: status.image ?? '',
    exitCode: status.exit_code ?? null,
    startedAtMs: measured && status.started_at ? Date.parse(status.started_at) : null,
    cpuPercent: measured ? newest(entry.cpu, flow, nowMs) : null,
    memPercent: measured ? newest(entry.mem, flow, nowMs) : null,
    memBytes: measured ? newest(entry.memBytes, flow, nowMs) : null,
    freshness,
    asOfMs: freshness === 'live' ? null : asOfMs(sighting),
  };
}

/** A quiet series of a container whose status is fresh has no value: an old number would look current. */
function newest(series: Series, flow: Flow, nowMs: number): number | null {
  if (Number.isNaN(series.value)) return null;
  return deriveFreshness(series, flow, nowMs) === 'stale' ? null : series.value;
}
