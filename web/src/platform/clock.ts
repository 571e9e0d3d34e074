/** The one file of the page that touches timers. Delays and times in milliseconds. */
export interface PageClock {
  nowMs(): number;
  /** Runs `task` once; returns its cancellation. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` again and again until the returned function is called. */
  every(periodMs: number, task: () => void): () => void;
}

export const pageClock: PageClock = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
};
