/** What the recorder counts, for `/metrics`. */
import { counter, type createMetrics, gauge, histogram } from '@pulsewire/runtime';

export interface WrittenBatch {
  rows: number;
  deadLetters: number;
  durationMs: number;
  /** From the first message's place in the log to its commit; `null` when it has none. */
  lagMs: number | null;
}

export interface RecorderMetrics {
  wrote(batch: WrittenBatch): void;
  skipped(): void;
  gap(): void;
  /** A batch that could not be written now. */
  failed(code: string): void;
}

export interface RecorderGauges {
  /** Seconds; -1 when it is not known. */
  reachLeftS(): number;
  recording(): boolean;
  databaseUp(): boolean;
}

const LAG_BUCKETS_S = [0.1, 0.25, 0.5, 1, 1.5, 2, 5, 15, 60, 300, 3600];
const WRITE_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

export function createRecorderMetrics(
  registry: ReturnType<typeof createMetrics>,
  gauges: RecorderGauges,
): RecorderMetrics {
  const rows = counter(registry, 'recorder_rows_total', 'Rows recorded.');
  const dead = counter(registry, 'recorder_dead_letters_total', 'Messages that could not be recorded.');
  const skipped = counter(registry, 'recorder_skipped_total', 'Messages that were recorded before.');
  const gaps = counter(registry, 'recorder_gaps_total', 'Times that the log of the bus did not reach back.');
  const failures = counter(registry, 'recorder_failures_total', 'Batches tried again, by reason.', ['code']);
  const lag = histogram(registry, 'recorder_lag_seconds', 'From the log to the commit.', {
    buckets: LAG_BUCKETS_S,
  });
  const write = histogram(registry, 'recorder_write_seconds', 'Duration of a batch.', {
    buckets: WRITE_BUCKETS_S,
  });
  gauge(
    registry,
    'recorder_reach_left_seconds',
    'How long the log of the bus still holds what is not recorded, at least; -1 when not known.',
    gauges.reachLeftS,
  );
  gauge(registry, 'recorder_active', '1 while this recorder is the one that records.', () =>
    gauges.recording() ? 1 : 0,
  );
  gauge(registry, 'recorder_database_up', '1 while the database answers.', () =>
    gauges.databaseUp() ? 1 : 0,
  );
  return {
    wrote(batch) {
      rows.inc(batch.rows);
      dead.inc(batch.deadLetters);
      write.observe(batch.durationMs / 1000);
      if (batch.lagMs !== null) lag.observe(batch.lagMs / 1000);
    },
    skipped: () => skipped.inc(),
    gap: () => gaps.inc(),
    failed: (code) => failures.inc({ code }),
  };
}
