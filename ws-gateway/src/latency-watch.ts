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
  readonly alertId: string;
  /** The alert was left firing by an earlier run, since then; it is resolved when the feed is fast, or at the end. */
  takeOver(firingSinceMs: number): void;
  /** One message: milliseconds from its publishing until it was received, before it is observed. */
  received(delayMs: number): void;
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

/**
 * The delay is taken between two machines' clocks. The least that a message took to be received in this many windows
 * is the clocks' difference and the way itself; what comes on top of that is lateness.
 */
const BASELINE_WINDOWS = 60;
/** Memory of one window; what is left out is left out of p99, too. */
const MAX_SLOW = 10_000;

export function createLatencyWatch(options: LatencyWatchOptions): LatencyWatch {
  const { bus, clock } = options;
  let state = NO_LATENCY;
  let messages = 0;
  let slowMs: number[] = [];
  let leastMs = Number.POSITIVE_INFINITY;
  let leastPerWindowMs: number[] = [];
  let baselineMs = Number.POSITIVE_INFINITY;

  function beginWindow(): void {
    messages = 0;
    slowMs = [];
    leastPerWindowMs = [leastMs, ...leastPerWindowMs].slice(0, BASELINE_WINDOWS);
    leastMs = Number.POSITIVE_INFINITY;
    baselineMs = Math.min(...leastPerWindowMs);
  }

  function judge(window: LatencyWindow): void {
    const { next, change } = judgeLatency(state, window, clock.nowMs());
    state = next;
    if (change !== null) bus.publish(CHANNELS.metrics, alertOf(change, options, clock.nowMs()));
  }

  const cancel = clock.every(LATENCY_WINDOW_MS, () => {
    judge({ messages, slowMs });
    beginWindow();
  });
  return {
    alertId: alertIdOf(options),
    takeOver(firingSinceMs) {
      if (state.firingSinceMs === null) state = { ...state, firingSinceMs };
    },
    received(delayMs) {
      leastMs = Math.min(leastMs, delayMs);
    },
    observe(delayMs) {
      messages += 1;
      const lateMs = delayMs - Math.min(leastMs, baselineMs);
      if (lateMs > LATENCY_THRESHOLD_MS && slowMs.length < MAX_SLOW) slowMs.push(lateMs);
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

function alertIdOf({ name }: LatencyWatchOptions): string {
  return `feed_latency:${name}`;
}

function alertOf(change: LatencyChange, options: LatencyWatchOptions, nowMs: number): BusMessage {
  const { host, name } = options;
  const { state, p99Ms, startedMs } = change;
  const message =
    state === 'firing'
      ? `The feed of ${name} is slow: one message of a hundred took ${Math.round(p99Ms)} ms or longer`
      : `The feed of ${name} is fast again`;
  return {
    type: 'alert',
    data: {
      alert_id: alertIdOf(options),
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
