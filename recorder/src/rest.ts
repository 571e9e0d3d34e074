/** Waiting that ends early when the recorder is stopped. */
import type { Clock } from '@pulsewire/runtime';

export interface Rest {
  /** True once the recorder is being stopped. */
  readonly over: boolean;
  sleep(ms: number): Promise<void>;
  stop(): void;
}

export function createRest(clock: Clock): Rest {
  const sleepers = new Set<() => void>();
  let over = false;
  return {
    get over() {
      return over;
    },
    sleep(ms) {
      if (over) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          cancel();
          sleepers.delete(wake);
          resolve();
        };
        const cancel = clock.after(ms, wake);
        sleepers.add(wake);
      });
    },
    stop() {
      over = true;
      for (const wake of [...sleepers]) wake();
    },
  };
}
