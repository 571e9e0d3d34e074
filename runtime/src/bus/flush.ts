/** Waiting for an outbox to become empty, with a deadline. */
import type { Clock } from '../clock.js';

export interface Flush {
  /** Resolves when the outbox is empty (true), or after `timeoutMs` (whether it is empty then). */
  wait(timeoutMs: number): Promise<boolean>;
  /** The outbox has become empty. */
  emptied(): void;
}

export function createFlush(clock: Clock, isEmpty: () => boolean): Flush {
  const waiting = new Set<() => void>();
  return {
    wait(timeoutMs) {
      if (isEmpty()) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = () => {
          waiting.delete(finish);
          cancel();
          resolve(isEmpty());
        };
        const cancel = clock.after(timeoutMs, finish);
        waiting.add(finish);
      });
    },
    emptied() {
      for (const finish of [...waiting]) finish();
    },
  };
}
