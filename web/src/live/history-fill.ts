/**
 * Charts that begin full: a second, short connection resumes from five minutes ago and so receives what the
 * gateway's log still has of the charted metrics. The main connection cannot do this, because whoever resumes
 * gets what he missed and not the snapshot. Where anything is in the way, charts just begin empty.
 */
import type { FeedMessage } from '@pulsewire/shared-schema';
import type {
  Received,
  StreamManager,
  StreamManagerOptions,
  StreamStateName,
} from '@pulsewire/shared-schema/client';
import type { PageClock } from '../platform/clock.js';
import type { PastPoint } from './series.js';
import { HISTORY_WINDOW_MS } from './series.js';
import { CHARTED_GAUGES, type HostGauge } from './views.js';

/** A gateway serves a limited number of clients: this one's place is given back after so long, whatever came. */
const PATIENCE_MS = 10_000;

export interface HistoryFillOptions {
  readonly clock: PageClock;
  readonly url: string;
  readonly key: string;
  /** Now by the gateway's clock, epoch milliseconds. */
  readonly serverNowMs: number;
  readonly create: (options: StreamManagerOptions) => StreamManager;
  /** Called once per series, points in time order. */
  readonly onSeries: (host: string, metric: HostGauge, points: readonly PastPoint[]) => void;
}

/** There is one attempt: in these states it is over. */
const GIVES_UP: Record<StreamStateName, boolean> = {
  idle: false,
  connecting: false,
  live: false,
  degraded: true,
  waiting: true,
  closed: true,
  rejected: true,
};

/** Returns the function that ends it early. */
export function fillHistory(options: HistoryFillOptions): () => void {
  const { clock, url, key, serverNowMs, create, onSeries } = options;
  const collected = new Map<string, Map<HostGauge, PastPoint[]>>();
  const stream = create({
    url,
    key,
    selection: { topics: ['metrics'], metricTypes: CHARTED_GAUGES },
    after: `${Math.max(0, Math.floor(serverNowMs - HISTORY_WINDOW_MS))}-0`,
  });
  const releases = [
    stream.on('message', collect),
    stream.on('feed', (message) => {
      if (isOver(message)) finish();
    }),
    stream.on('state', (state) => {
      if (GIVES_UP[state.name]) stop();
    }),
    clock.after(PATIENCE_MS, stop),
  ];
  stream.open();

  function collect({ message, snapshot }: Received): void {
    if (!snapshot || message.type !== 'system_metric' || message.data.source !== 'host') return;
    const { metric_type, meta, time, value } = message.data;
    const metric = CHARTED_GAUGES.find((charted) => charted === metric_type);
    if (metric === undefined || (meta.stale_s ?? 0) > 0) return;
    const host = ensure(collected, meta.host ?? '', () => new Map<HostGauge, PastPoint[]>());
    ensure(host, metric, () => []).push({ timeMs: Date.parse(time), value });
  }

  function finish(): void {
    for (const [host, metrics] of collected)
      for (const [metric, points] of metrics) onSeries(host, metric, points);
    stop();
  }

  function stop(): void {
    for (const release of releases.splice(0)) release();
    stream.close();
  }

  return stop;
}

/** `resumed: none`: what follows is the present, which the main connection has. */
function isOver(message: FeedMessage): boolean {
  if (message.type === 'hello') return message.data.resumed === 'none';
  return message.type === 'snapshot' && message.data.phase === 'end';
}

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
