/** For tests: a page clock that stands still until told. */
import type { PageClock } from '../platform/clock.js';

export const START_MS = Date.UTC(2026, 0, 17, 4, 30);

export interface ManualPageClock extends PageClock {
  /** Moves time on, running in order what falls due. */
  advance(byMs: number): void;
  readonly scheduled: number;
}

export function createManualPageClock(): ManualPageClock {
  const tasks = new Set<{ dueMs: number; periodMs: number | null; run: () => void }>();
  let nowMs = START_MS;
  const schedule = (delayMs: number, periodMs: number | null, run: () => void) => {
    const task = { dueMs: nowMs + delayMs, periodMs, run };
    tasks.add(task);
    return () => {
      tasks.delete(task);
    };
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => schedule(delayMs, null, run),
    every: (periodMs, run) => schedule(periodMs, periodMs, run),
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const due = [...tasks].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        nowMs = due.dueMs;
        if (due.periodMs === null) tasks.delete(due);
        else due.dueMs += due.periodMs;
        due.run();
      }
      nowMs = untilMs;
    },
    get scheduled() {
      return tasks.size;
    },
  };
}
