/** Schedules the flushes of a thinned lane, through bottleneck. Touched only while something has to wait. */
import Bottleneck from 'bottleneck';

export interface Pacer {
  /** Runs the task when its turn comes: one task every interval. */
  schedule(task: () => void): void;
  /** Drops what has not run. */
  stop(): void;
}

export type CreatePacer = (intervalMs: number) => Pacer;

export function createBottleneckPacer(intervalMs: number): Pacer {
  const limiter = new Bottleneck({ minTime: intervalMs, maxConcurrent: 1, rejectOnDrop: false });
  let stopped = false;
  return {
    schedule(task) {
      if (stopped) return;
      void limiter.schedule(async () => {
        if (!stopped) task();
      });
    },
    stop() {
      // A second stop would reject.
      if (stopped) return;
      stopped = true;
      void limiter.stop({ dropWaitingJobs: true });
    },
  };
}
