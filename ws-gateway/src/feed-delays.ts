/** Measures the delay of what goes through the gateway: hop by hop for `/metrics`, as a whole for the alert. */
import type { Clock, Stoppable } from '@pulsewire/runtime';
import type { Arrival } from './arrival.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { delaysUntilReceived, publishedAtMs } from './hop-delays.js';
import { createLatencyWatch, type LatencyWatch, type LatencyWatchOptions } from './latency-watch.js';

export interface FeedDelays extends Stoppable, Pick<LatencyWatch, 'alertId' | 'takeOver'> {
  /** `recovered`: read from the log after a disconnect; its delay is not the feed's. */
  received(arrival: Arrival, recovered: boolean): void;
  /** `held`: held back by the limit, and so late on purpose. */
  written(arrivals: readonly Arrival[], held: boolean): void;
}

export function createFeedDelays(
  options: LatencyWatchOptions & { metrics: Pick<GatewayMetrics, 'hop'> },
): FeedDelays {
  const { clock, metrics } = options;
  const watch = createLatencyWatch(options);
  let lastRecoveredSeq = 0;

  return {
    alertId: watch.alertId,
    takeOver: watch.takeOver,
    received(arrival, recovered) {
      if (recovered) {
        lastRecoveredSeq = arrival.seq;
        return;
      }
      const nowMs = clock.nowMs();
      const delays = delaysUntilReceived(arrival, nowMs);
      if (arrival.id === null || delays === null) return;
      watch.received(nowMs - publishedAtMs(arrival.id));
      metrics.hop('collected_published', delays.collected_published);
      metrics.hop('published_received', delays.published_received);
    },
    written(arrivals, held) {
      const [nowMs, epochMs] = times(clock);
      for (const { id, seq, receivedMs } of arrivals) {
        if (seq <= lastRecoveredSeq) continue;
        metrics.hop('received_written', nowMs - receivedMs);
        if (!held && id !== null) watch.observe(epochMs - publishedAtMs(id));
      }
    },
    stop: () => watch.stop(),
  };
}

function times(clock: Clock): [nowMs: number, epochMs: number] {
  return [clock.monotonicMs(), clock.nowMs()];
}
