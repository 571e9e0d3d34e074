/**
 * What messages change: hosts, containers, alerts, toasts. A census is a snapshot that names everything there is,
 * so that what it leaves out has gone.
 */
import type { Alert, FeedMessage, SystemMetric, Topic } from '@pulsewire/shared-schema';
import type { Received } from '@pulsewire/shared-schema/client';
import { type AlertBook, type AlertNews, applyAlert, EMPTY_BOOK, endUnnamed } from './alert-book.js';
import { ContainerModel } from './container-model.js';
import { DatabaseModel } from './database-model.js';
import type { Flow } from './freshness.js';
import { type Arrival, HostModel } from './host-model.js';
import { shareList } from './sharing.js';
import { addToast, dismissToast, expireToasts, keepFiring } from './toasts.js';
import type { AlertView, ContainerView, DatabaseView, HostView, ToastView } from './views.js';

/** An alert that began or ended while the page was connected. */
export interface AlertEvent {
  readonly alert: AlertView;
  readonly news: Exclude<AlertNews, 'none'>;
}

export class LiveModels {
  readonly #hosts = new Map<string, HostModel>();
  readonly #containers = new ContainerModel();
  readonly #databases = new DatabaseModel();
  #book: AlertBook = EMPTY_BOOK;
  #toasts: readonly ToastView[] = [];
  #hostViews: readonly HostView[] | undefined;
  /** Ids of alerts that the census which is being received has named; null outside of one. */
  #census: Set<string> | null = null;
  #censusNext = false;
  #alertsKnown = false;
  #databasesKnown = false;
  #topics: readonly Topic[] | null = null;

  get book(): AlertBook {
    return this.#book;
  }

  get toasts(): readonly ToastView[] {
    return this.#toasts;
  }

  /** True once a gateway that has its source has told which alerts are firing. */
  get alertsKnown(): boolean {
    return this.#alertsKnown;
  }

  /** True once a gateway that has its source has told which databases are watched. */
  get databasesKnown(): boolean {
    return this.#databasesKnown;
  }

  /** What the feed brings: all of the usual, or what the key may read of it; `null` until the gateway says. */
  get topics(): readonly Topic[] | null {
    return this.#topics;
  }

  /** True once any container was heard of. */
  get containersKnown(): boolean {
    return this.#containers.known;
  }

  host(name: string): HostModel | undefined {
    return this.#hosts.get(name);
  }

  /** Takes a message over. Tells of an alert that is news; `clockOffsetMs`: server clock minus this machine's. */
  receive({ message, snapshot, receivedAtMs }: Received, clockOffsetMs: number): AlertEvent | null {
    const arrival: Arrival = { receivedAtMs, snapshot, clockOffsetMs };
    switch (message.type) {
      case 'system_metric':
        this.#receiveSample(message.data, arrival);
        return null;
      case 'container_status': {
        const host = this.#ensureHost(message.data.host ?? '');
        this.#containers.applyStatus(message.data, host.locate(Date.parse(message.data.time), arrival));
        return null;
      }
      case 'alert':
        return this.#receiveAlert(message.data, arrival);
      case 'database_status': {
        const host = this.#ensureHost(message.data.host ?? '');
        this.#databases.apply(message.data, host.locate(Date.parse(message.data.time), arrival));
        return null;
      }
      default:
        return null;
    }
  }

  /** Follows the snapshots of the feed. */
  receiveFeed(message: FeedMessage, nowMs: number): void {
    if (message.type === 'hello') {
      this.#census = null;
      // A gateway without its source knows less than this page: what it leaves out has not gone.
      this.#censusNext = message.data.resumed === 'none' && message.data.state === 'live';
      this.#topics = message.data.topics ?? null;
    } else if (message.type === 'snapshot') {
      if (message.data.phase === 'begin') this.#beginCensus();
      else this.#endCensus(nowMs);
    } else if (message.type === 'status') this.#alertsKnown = this.#brings('alerts');
  }

  dismissToast(id: string): void {
    this.#toasts = dismissToast(this.#toasts, id);
  }

  expireToasts(nowMs: number): void {
    this.#toasts = expireToasts(this.#toasts, nowMs);
  }

  /** Lets go of what nothing was heard of for long. */
  forget(nowMs: number): void {
    for (const [name, host] of this.#hosts) {
      if (!host.isForgotten(nowMs)) continue;
      this.#hosts.delete(name);
      this.#containers.forgetHost(name);
    }
    this.#containers.forgetUnnamed(nowMs);
    this.#databases.forget(nowMs);
  }

  hostViews(flow: Flow, nowMs: number): readonly HostView[] {
    const views = [...this.#hosts.values()]
      .map((host) => host.view(flow, nowMs))
      .filter((view) => view.freshness !== 'empty')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#hostViews = shareList(this.#hostViews, views);
    return this.#hostViews;
  }

  containerViews(hosts: readonly HostView[], flow: Flow, nowMs: number): readonly ContainerView[] {
    const quiet = new Set(hosts.filter((host) => host.freshness === 'stale').map((host) => host.name));
    return this.#containers.view(flow, nowMs, quiet);
  }

  databaseViews(flow: Flow, nowMs: number): readonly DatabaseView[] {
    return this.#databases.view(flow, nowMs);
  }

  #receiveSample(data: SystemMetric['data'], arrival: Arrival): void {
    const host = this.#ensureHost(data.meta.host ?? '');
    if (data.source === 'host') host.apply(data, arrival);
    else this.#containers.applyMetric(data, host.locate(Date.parse(data.time), arrival));
  }

  #receiveAlert(data: Alert['data'], { snapshot, receivedAtMs }: Arrival): AlertEvent | null {
    if (data.state === 'firing') this.#census?.add(data.alert_id);
    const { book, news } = applyAlert(this.#book, data);
    this.#book = book;
    if (snapshot || news === 'none') return null;
    const list = news === 'began' ? book.firing : book.recent;
    const alert = list.find((candidate) => candidate.data.alert_id === data.alert_id);
    if (alert === undefined) return null;
    this.#toasts = addToast(this.#toasts, alert, receivedAtMs);
    return { alert, news };
  }

  #beginCensus(): void {
    if (!this.#censusNext) return;
    this.#censusNext = false;
    this.#census = new Set();
    this.#containers.beginCensus();
    this.#databases.beginCensus();
  }

  #endCensus(nowMs: number): void {
    if (this.#census === null) return;
    this.#alertsKnown = this.#brings('alerts');
    this.#databasesKnown = this.#brings('databases');
    this.#containers.endCensus();
    this.#databases.endCensus();
    this.#book = endUnnamed(this.#book, this.#census, nowMs);
    this.#toasts = keepFiring(this.#toasts, this.#census);
    this.#census = null;
  }

  /** Of what the feed does not bring, silence tells nothing. */
  #brings(topic: Topic): boolean {
    return this.#topics?.includes(topic) ?? true;
  }

  #ensureHost(name: string): HostModel {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new HostModel(name);
      this.#hosts.set(name, host);
    }
    return host;
  }
}
