/**
 * Time as a parameter. Code that waits takes a {@link Clock}; only this file touches the platform's timers.
 * Wall time says when something happened; monotonic time measures how long it took.
 */

const LONGEST_PERIOD_MS = 2 ** 31 - 1;

/** Ends what was scheduled. Calling it twice, or after the fact, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the Unix epoch. May jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start. Never jumps back. */
  monotonicMs(): number;
  /** Runs `task` once, `delayMs` from now. Does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs `task` every `periodMs`, first after one period. Does not keep the process alive. */
  every(periodMs: number, task: () => void): Cancel;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Keeps the process alive until ended: the timers of a {@link Clock} do not, and a lost server has no sockets. */
export function keepAlive(): Cancel {
  const timer = setInterval(() => {}, LONGEST_PERIOD_MS);
  return () => clearInterval(timer);
}

/** Runs `task` once in this turn of the event loop, after the input and output that are ready now. */
export function atEndOfTurn(task: () => void): void {
  setImmediate(task);
}

/** Resolves after `delayMs` of the clock's time. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Epoch milliseconds → ISO 8601 UTC with `Z`. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
