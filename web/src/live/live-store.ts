/**
 * The page's live data, outside of React. Messages change models at once; a view is made and subscribers are told
 * at most every {@link FLUSH_PERIOD_MS}, and once a second so that countdowns and staleness move.
 */
import type { BusMessage, FeedMessage } from '@pulsewire/shared-schema';
import type { LatencyReport, Received, StreamManager, StreamState } from '@pulsewire/shared-schema/client';
import type { PageClock } from '../platform/clock.js';
import { type Batch, createBatch } from './batch.js';
import { deriveConnection, deriveSinceMs } from './connection.js';
import { FLOW_OF, type Flow } from './freshness.js';
import type { HostModel } from './host-model.js';
import { type AlertEvent, LiveModels } from './live-models.js';
import type { PastPoint } from './series.js';
import { share } from './sharing.js';
import type { ConnectionView, HostGauge, HostView, LiveView } from './views.js';

export const FLUSH_PERIOD_MS = 250;
const TICK_MS = 1000;
const FORGET_PERIOD_MS = 60_000;
const NO_LATENCY: LatencyReport = {
  p50Ms: null,
  p99Ms: null,
  samples: 0,
  clockOffsetMs: null,
  roundTripMs: null,
};

export type AlertListener = (event: AlertEvent) => void;
export type MessageListener = (message: BusMessage) => void;

export class LiveStore {
  readonly #clock: PageClock;
  #models = new LiveModels();
  #state: StreamState = { name: 'idle' };
  #stateSinceMs: number | null = null;
  #latency = NO_LATENCY;
  #lastMessageAtMs: number | null = null;
  #thinnedUntilMs: number | null = null;
  #clockOffsetMs = 0;
  #view: LiveView;
  readonly #listeners = new Set<() => void>();
  readonly #alertListeners = new Set<AlertListener>();
  readonly #messageListeners = new Set<MessageListener>();
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

  /** Told at once of every message that is not part of a snapshot. */
  onMessage(listener: MessageListener): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  /** Now by the gateway's clock, as far as known: what questions about history are asked in. */
  serverNowMs(): number {
    return this.#clock.nowMs() + this.#clockOffsetMs;
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
      this.#clock.every(FORGET_PERIOD_MS, () => this.#models.forget(this.#clock.nowMs())),
    ];
    return () => {
      for (const release of releases.reverse()) release();
      this.#batch.stop();
    };
  }

  /** The host's model, for what charts draw; its history changes in place. */
  host(name: string): HostModel | undefined {
    return this.#models.host(name);
  }

  /** Puts points of the past before those of a host's metric. */
  backfill(host: string, metric: HostGauge, points: readonly PastPoint[]): void {
    this.#models.host(host)?.backfill(metric, points);
  }

  dismissToast(id: string): void {
    this.#models.dismissToast(id);
    this.#flush();
  }

  /** Forgets everything; for when the stream was let go. */
  clear(): void {
    this.#models = new LiveModels();
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

  #receive(received: Received): void {
    this.#lastMessageAtMs = received.receivedAtMs;
    const event = this.#models.receive(received, this.#clockOffsetMs);
    if (!received.snapshot) for (const listener of this.#messageListeners) listener(received.message);
    if (event !== null) for (const listener of this.#alertListeners) listener(event);
    this.#batch.mark();
  }

  #receiveFeed(message: FeedMessage): void {
    const nowMs = this.#clock.nowMs();
    if (message.type === 'hello') this.#clockOffsetMs = Date.parse(message.data.server_time) - nowMs;
    if (message.type === 'notice') this.#thinnedUntilMs = nowMs + message.data.window_ms + 2 * TICK_MS;
    this.#models.receiveFeed(message, nowMs);
    this.#batch.mark();
  }

  #flush(): void {
    this.#models.expireToasts(this.#clock.nowMs());
    const view = this.#makeView();
    if (view === this.#view) return;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #makeView(): LiveView {
    const before: LiveView | undefined = this.#view;
    const nowMs = this.#clock.nowMs();
    const flow = FLOW_OF[this.#state.name];
    const models = this.#models;
    const hosts = models.hostViews(flow, nowMs);
    return share(before, {
      secondMs: Math.floor(nowMs / TICK_MS) * TICK_MS,
      connection: share(before?.connection, this.#connectionView(hosts, flow, nowMs)),
      hosts,
      containers: models.containerViews(hosts, flow, nowMs),
      containersKnown: models.containersKnown,
      databases: models.databaseViews(flow, nowMs),
      databasesKnown: models.databasesKnown,
      topics: models.topics,
      alertsKnown: models.alertsKnown,
      alertsAsOfMs: flow === 'flowing' ? null : this.#lastMessageAtMs,
      firing: models.book.firing,
      recent: models.book.recent,
      toasts: models.toasts,
    });
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
