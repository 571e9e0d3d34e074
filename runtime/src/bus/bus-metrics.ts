/** Counters of a bus, the same for both drivers. Without a registry they count into the void. */
import type { Registry } from 'prom-client';
import { counter, gauge, histogram } from '../metrics.js';
import { tallyCounter } from '../tally.js';

export interface BusMetrics {
  published(messages: number): void;
  delivered(): void;
  recovered(): void;
  duplicate(): void;
  handlerFailed(): void;
  unpublishable(): void;
  roundTrip(seconds: number): void;
}

/** Values that are read when scraped. */
export interface BusReadings {
  up(): boolean;
  queued(): number;
  dropped(): { samples: number; transitions: number };
}

const ROUND_TRIP_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

export function createBusMetrics(registry: Registry | undefined, readings: BusReadings): BusMetrics {
  if (registry === undefined) return VOID;
  const published = counter(registry, 'bus_published_total', 'Messages taken into the log.');
  const delivered = tallyCounter(registry, 'bus_delivered_total', 'Messages delivered to subscribers.');
  const recovered = counter(
    registry,
    'bus_recovered_total',
    'Delivered messages that were read from the log.',
  );
  const duplicates = counter(registry, 'bus_duplicates_total', 'Repeats recognised and not delivered.');
  const failures = counter(registry, 'bus_handler_failures_total', 'Throws of message handlers.');
  const unpublishable = counter(registry, 'bus_unpublishable_total', 'Messages that could not be encoded.');
  const roundTrip = histogram(registry, 'bus_canary_seconds', 'Round trip of the canary.', {
    buckets: ROUND_TRIP_BUCKETS_S,
  });
  gauge(registry, 'bus_up', '1 while the bus is up.', () => (readings.up() ? 1 : 0));
  gauge(registry, 'bus_queued', 'Messages waiting to be published.', readings.queued);
  gauge(
    registry,
    'bus_dropped_samples',
    'Samples given up since the start.',
    () => readings.dropped().samples,
  );
  gauge(
    registry,
    'bus_dropped_transitions',
    'Transitions and alerts given up since the start.',
    () => readings.dropped().transitions,
  );
  return {
    published: (messages) => published.inc(messages),
    delivered: () => delivered(1),
    recovered: () => recovered.inc(),
    duplicate: () => duplicates.inc(),
    handlerFailed: () => failures.inc(),
    unpublishable: () => unpublishable.inc(),
    roundTrip: (seconds) => roundTrip.observe(seconds),
  };
}

const VOID: BusMetrics = {
  published() {},
  delivered() {},
  recovered() {},
  duplicate() {},
  handlerFailed() {},
  unpublishable() {},
  roundTrip() {},
};
