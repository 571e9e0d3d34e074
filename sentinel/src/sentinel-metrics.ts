/** What the sentinel says about itself on `/metrics`. */
import { counter, gauge, histogram } from '@pulsewire/runtime';

type Registry = Parameters<typeof counter>[0];

export interface SentinelMetrics {
  published(type: string): void;
  collected(collector: string, durationMs: number): void;
  failed(collector: string): void;
  skippedTicks(ticks: number): void;
  dockerEvent(action: string): void;
  logLines(counts: { lines: number; skipped: number; bytes: number }): void;
}

const DURATION_BUCKETS_S = [0.0001, 0.0005, 0.001, 0.005, 0.025, 0.1, 0.5, 2];

export function createSentinelMetrics(registry: Registry): SentinelMetrics {
  const published = counter(registry, 'sentinel_published_total', 'Messages handed to the bus.', ['type']);
  const failures = counter(registry, 'sentinel_collect_failures_total', 'Readings that failed.', [
    'collector',
  ]);
  const skipped = counter(
    registry,
    'sentinel_skipped_ticks_total',
    'Grid points at which nothing was sampled.',
  );
  const events = counter(registry, 'sentinel_docker_events_total', 'Container events seen.', ['action']);
  const durations = histogram(registry, 'sentinel_collect_seconds', 'How long a reading took.', {
    buckets: DURATION_BUCKETS_S,
    labels: ['collector'],
  });
  const lines = counter(registry, 'sentinel_log_lines_total', 'Lines of containers handed to the bus.');
  const skippedLines = counter(
    registry,
    'sentinel_log_skipped_lines_total',
    'Lines of containers above their rate.',
  );
  const logBytes = counter(registry, 'sentinel_log_bytes_total', 'Bytes of new log lines that were read.');
  return {
    logLines(counts) {
      lines.inc(counts.lines);
      skippedLines.inc(counts.skipped);
      logBytes.inc(counts.bytes);
    },
    published: (type) => published.inc({ type }),
    collected: (collector, durationMs) => durations.observe({ collector }, durationMs / 1000),
    failed: (collector) => failures.inc({ collector }),
    skippedTicks: (ticks) => skipped.inc(ticks),
    dockerEvent: (action) => events.inc({ action }),
  };
}

/** Age of the oldest values that are being sent again, over all collectors; 0 when all are fresh. */
export function exposeStaleness(registry: Registry, read: () => number): void {
  gauge(
    registry,
    'sentinel_stale_seconds',
    'Age of the oldest values of a collector that hangs or fails.',
    read,
  );
}
