/** A clock that stands still until told: for tests of anything that waits. */
import type { Cancel, Clock } from './clock.js';

export interface ManualClock extends Clock {
  /** Moves time on, running in order everything that falls due, what those tasks schedule included. */
  advance(byMs: number): void;
  /** Tasks that are scheduled and not cancelled; 0 when nothing was left open. */
  readonly scheduled: number;
}

interface Task {
  dueMs: number;
  order: number;
  periodMs: number | null;
  run: () => void;
}

export function createManualClock(startEpochMs = Date.UTC(2026, 0, 17, 4, 30)): ManualClock {
  const tasks = new Set<Task>();
  let elapsedMs = 0;
  let order = 0;

  function schedule(delayMs: number, periodMs: number | null, run: () => void): Cancel {
    order += 1;
    const task: Task = { dueMs: elapsedMs + Math.max(0, delayMs), order, periodMs, run };
    tasks.add(task);
    return () => {
      tasks.delete(task);
    };
  }

  function nextDue(untilMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of tasks) {
      if (task.dueMs > untilMs) continue;
      if (
        next === undefined ||
        task.dueMs < next.dueMs ||
        (task.dueMs === next.dueMs && task.order < next.order)
      )
        next = task;
    }
    return next;
  }

  return {
    nowMs: () => startEpochMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after: (delayMs, task) => schedule(delayMs, null, task),
    every: (periodMs, task) => schedule(periodMs, periodMs, task),
    advance(byMs) {
      const untilMs = elapsedMs + byMs;
      for (let task = nextDue(untilMs); task !== undefined; task = nextDue(untilMs)) {
        elapsedMs = task.dueMs;
        if (task.periodMs === null) tasks.delete(task);
        else task.dueMs += task.periodMs;
        task.run();
      }
      elapsedMs = untilMs;
    },
    get scheduled() {
      return tasks.size;
    },
  };
}
