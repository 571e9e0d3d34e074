/** Watches how long messages take through the gateway, and publishes an alert when that stays too long. */
import { type Bus, type Clock, isoTime, type Stoppable } from '@pulsewire/runtime';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import {
  judgeLatency,
  LATENCY_THRESHOLD_MS,
  LATENCY_WINDOW_MS,
  type LatencyChange,
  type LatencyWindow,
  NO_LATENCY,
} from './latency-alert.js';

export interface LatencyWatch extends Stoppable {
  /** One message: milliseconds from its publishing until it was written. */
  observe(delayMs: number): void;
}

export interface LatencyWatchOptions {
  bus: Pick<Bus, 'publish'>;
  clock: Clock;
  /** The machine of this gateway. */
  host: string;
  /** Tells this gateway from others, and is the same after a restart. */
  name: string;
}

/** Memory of one window; what is left out is left out of p99, too. */
const MAX_SLOW = 10_000;

export function createLatencyWatch(options: LatencyWatchOptions): LatencyWatch {
  const { bus, clock } = options;
  let state = NO_LATENCY;
  let messages = 0;
  let slowMs: number[] = [];

  function judge(window: LatencyWindow): void {
    const { next, change } = judgeLatency(state, window, clock.nowMs());
    state = next;
    if (change !== null) bus.publish(CHANNELS.metrics, alertOf(change, options, clock.nowMs()));
  }

  const cancel = clock.every(LATENCY_WINDOW_MS, () => {
    judge({ messages, slowMs });
    messages = 0;
    slowMs = [];
  });
  return {
    observe(delayMs) {
      messages += 1;
      if (delayMs > LATENCY_THRESHOLD_MS && slowMs.length < MAX_SLOW) slowMs.push(delayMs);
    },
    async stop() {
      cancel();
      const { firingSinceMs } = state;
      if (firingSinceMs === null) return;
      const change = { state: 'resolved' as const, p99Ms: 0, startedMs: firingSinceMs };
      bus.publish(CHANNELS.metrics, alertOf(change, options, clock.nowMs()));
    },
  };
}

function alertOf(change: LatencyChange, { host, name }: LatencyWatchOptions, nowMs: number): BusMessage {
  const { state, p99Ms, startedMs } = change;
  const message =
    state === 'firing'
      ? `The feed of ${name} is slow: one message of a hundred took ${Math.round(p99Ms)} ms or longer`
      : `The feed of ${name} is fast again`;
  return {
    type: 'alert',
    data: {
      alert_id: `feed_latency:${name}`,
      rule: `feed p99>${LATENCY_THRESHOLD_MS}ms for ${(3 * LATENCY_WINDOW_MS) / 1000}s`,
      state,
      severity: 'warning',
      metric_type: 'feed_latency',
      source: 'host',
      value: p99Ms,
      threshold: LATENCY_THRESHOLD_MS,
      message,
      time: isoTime(nowMs),
      started_at: isoTime(startedMs),
      host,
    },
  };
}
