/**
 * The page's live data, outside of React. Messages change models at once; a view is made and subscribers are told
 * at most every {@link FLUSH_PERIOD_MS}, and once a second so that countdowns and staleness move.
 */
import type { FeedMessage, SystemMetric } from '@pulsewire/shared-schema';
import type { LatencyReport, Received, StreamManager, StreamState } from '@pulsewire/shared-schema/client';
import type { PageClock } from '../platform/clock.js';
import { type AlertBook, type AlertNews, applyAlert, EMPTY_BOOK, endUnnamed } from './alert-book.js';
import { type Batch, createBatch } from './batch.js';
import { deriveConnection, deriveSinceMs } from './connection.js';
import { ContainerModel } from './container-model.js';
import { FLOW_OF, type Flow } from './freshness.js';
import { type Arrival, HostModel } from './host-model.js';
import type { PastPoint } from './series.js';
import { share, shareList } from './sharing.js';
import { addToast, dismissToast, expireToasts, keepFiring } from './toasts.js';
import type { AlertView, ConnectionView, HostGauge, HostView, LiveView, ToastView } from './views.js';

export const FLUSH_PERIOD_MS = 250;
const TICK_MS = 1000;
const NO_LATENCY: LatencyReport = {
  p50Ms: null,
  p99Ms: null,
  samples: 0,
  clockOffsetMs: null,
  roundTripMs: null,
};

export type AlertListener = (alert: AlertView, news: Exclude<AlertNews, 'none'>) => void;

export class LiveStore {
  readonly #clock: PageClock;
  readonly #hosts = new Map<string, HostModel>();
  #containers = new ContainerModel();
  #book: AlertBook = EMPTY_BOOK;
  #toasts: readonly ToastView[] = [];
  #state: StreamState = { name: 'idle' };
  #stateSinceMs: number | null = null;
  #latency = NO_LATENCY;
  #lastMessageAtMs: number | null = null;
  #thinnedUntilMs: number | null = null;
  #clockOffsetMs = 0;
  /** Ids of alerts named by the snapshot that is being received; null outside of a complete one. */
  #census: Set<string> | null = null;
  #censusNext = false;
  #view: LiveView;
  readonly #listeners = new Set<() => void>();
  readonly #alertListeners = new Set<AlertListener>();
  readonly #batch: Batch;

  constructor(clock: PageClock) {
    this.#clock = clock;
    this.#view = this.#makeView();
    this.#batch = createBatch({ clock, minPeriodMs: FLUSH_PERIOD_MS, flush: () => this.#flush() });
  }

  /** The newest view; the same object until something changed. */
  readonly view = (): LiveView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Told at once, not batched, of alerts that begin or end while the page is connected. */
  onAlert(listener: AlertListener): () => void {
    this.#alertListeners.add(listener);
    return () => this.#alertListeners.delete(listener);
  }

  /** Reads a stream until the returned function is called. */
  attach(stream: StreamManager): () => void {
    this.#setState(stream.state);
    const releases = [
      stream.on('state', (state) => this.#setState(state)),
      stream.on('message', (received) => this.#receive(received)),
      stream.on('feed', (message) => this.#receiveFeed(message)),
      stream.on('latency', (report) => this.#setLatency(report)),
      this.#clock.every(TICK_MS, () => this.#batch.mark()),
    ];
    return () => {
      for (const release of releases.reverse()) release();
      this.#batch.stop();
    };
  }

  /** The host's model, for what charts draw; its history changes in place. */
  host(name: string): HostModel | undefined {
    return this.#hosts.get(name);
  }

  /** Puts points of the past before those of a host's metric. */
  backfill(host: string, metric: HostGauge, points: readonly PastPoint[]): void {
    this.#hosts.get(host)?.backfill(metric, points);
  }

  dismissToast(id: string): void {
    this.#toasts = dismissToast(this.#toasts, id);
    this.#flush();
  }

  /** Forgets everything; for when the stream was let go. */
  clear(): void {
    this.#hosts.clear();
    this.#containers = new ContainerModel();
    this.#book = EMPTY_BOOK;
    this.#toasts = [];
    this.#lastMessageAtMs = null;
    this.#state = { name: 'idle' };
    this.#stateSinceMs = null;
    this.#latency = NO_LATENCY;
    this.#flush();
  }

  #setState(state: StreamState): void {
    const nowMs = this.#clock.nowMs();
    const before = { name: this.#state.name, sinceMs: this.#stateSinceMs };
    this.#stateSinceMs = deriveSinceMs(before, state.name, nowMs);
    this.#state = state;
    this.#flush();
  }

  #setLatency(report: LatencyReport): void {
    this.#latency = report;
    if (report.clockOffsetMs !== null) this.#clockOffsetMs = report.clockOffsetMs;
    this.#batch.mark();
  }

  #receive({ message, snapshot, receivedAtMs }: Received): void {
    this.#lastMessageAtMs = receivedAtMs;
    const arrival: Arrival = { receivedAtMs, snapshot, clockOffsetMs: this.#clockOffsetMs };
    switch (message.type) {
      case 'system_metric':
        this.#receiveSample(message.data, arrival);
        break;
      case 'container_status': {
        const host = this.#ensureHost(message.data.host ?? '');
        this.#containers.applyStatus(message.data, host.locate(Date.parse(message.data.time), arrival));
        break;
      }
      case 'alert':
        this.#receiveAlert(applyAlert(this.#book, message.data), message.data.alert_id, snapshot);
        if (message.data.state === 'firing') this.#census?.add(message.data.alert_id);
        break;
      default:
        return;
    }
    this.#batch.mark();
  }

  #receiveSample(data: SystemMetric['data'], arrival: Arrival): void {
    const host = this.#ensureHost(data.meta.host ?? '');
    if (data.source === 'host') host.apply(data, arrival);
    else this.#containers.applyMetric(data, host.locate(Date.parse(data.time), arrival));
  }

  #receiveAlert(step: { book: AlertBook; news: AlertNews }, id: string, snapshot: boolean): void {
    this.#book = step.book;
    if (snapshot || step.news === 'none') return;
    const list = step.news === 'began' ? step.book.firing : step.book.recent;
    const alert = list.find((candidate) => candidate.data.alert_id === id);
    if (alert === undefined) return;
    this.#toasts = addToast(this.#toasts, alert, this.#clock.nowMs());
    for (const listener of this.#alertListeners) listener(alert, step.news);
  }

  #receiveFeed(message: FeedMessage): void {
    switch (message.type) {
      case 'hello':
        this.#clockOffsetMs = Date.parse(message.data.server_time) - this.#clock.nowMs();
        // A gateway without its source knows less than this page: what it leaves out has not gone.
        this.#censusNext = message.data.resumed === 'none' && message.data.state === 'live';
        break;
      case 'snapshot':
        if (message.data.phase === 'begin') this.#beginCensus();
        else this.#endCensus();
        break;
      case 'notice':
        this.#thinnedUntilMs = this.#clock.nowMs() + message.data.window_ms + 2 * TICK_MS;
        break;
      default:
        return;
    }
    this.#batch.mark();
  }

  #beginCensus(): void {
    if (!this.#censusNext) return;
    this.#censusNext = false;
    this.#census = new Set();
    this.#containers.beginCensus();
  }

  #endCensus(): void {
    if (this.#census === null) return;
    this.#containers.endCensus();
    this.#book = endUnnamed(this.#book, this.#census, this.#clock.nowMs());
    this.#toasts = keepFiring(this.#toasts, this.#census);
    this.#census = null;
  }

  #ensureHost(name: string): HostModel {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new HostModel(name);
      this.#hosts.set(name, host);
    }
    return host;
  }

  #flush(): void {
    this.#toasts = expireToasts(this.#toasts, this.#clock.nowMs());
    const view = this.#makeView();
    if (view === this.#view) return;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #makeView(): LiveView {
    const before: LiveView | undefined = this.#view;
    const nowMs = this.#clock.nowMs();
    const flow = FLOW_OF[this.#state.name];
    const hosts = this.#hostViews(before?.hosts, flow, nowMs);
    const quietHosts = new Set(hosts.filter((host) => host.freshness === 'stale').map((host) => host.name));
    return share(before, {
      secondMs: Math.floor(nowMs / TICK_MS) * TICK_MS,
      connection: share(before?.connection, this.#connectionView(hosts, flow, nowMs)),
      hosts,
      containers: this.#containers.view(flow, nowMs, quietHosts),
      containersKnown: this.#containers.known,
      firing: this.#book.firing,
      recent: this.#book.recent,
      toasts: this.#toasts,
    });
  }

  #hostViews(before: readonly HostView[] | undefined, flow: Flow, nowMs: number): readonly HostView[] {
    const views = [...this.#hosts.values()]
      .map((host) => host.view(flow, nowMs))
      .filter((view) => view.freshness !== 'empty')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return shareList(before, views);
  }

  #connectionView(hosts: readonly HostView[], flow: Flow, nowMs: number): ConnectionView {
    return deriveConnection({
      state: this.#state,
      latency: this.#latency,
      sinceMs: this.#stateSinceMs,
      // While data flows the moment changes with every message and says nothing.
      lastMessageAtMs: flow === 'flowing' ? null : this.#lastMessageAtMs,
      allQuiet: hosts.length > 0 && hosts.every((host) => host.freshness === 'stale'),
      thinnedUntilMs:
        this.#thinnedUntilMs !== null && this.#thinnedUntilMs > nowMs ? this.#thinnedUntilMs : null,
    });
  }
}
