/** Waits for all of them, but not longer than `patienceMs`. The late ones go on by themselves. Never rejects. */
import type { Clock } from '@pulsewire/runtime';

export function gatherWithin(
  clock: Clock,
  patienceMs: number,
  tasks: readonly Promise<unknown>[],
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(patienceMs, resolve);
    void Promise.allSettled(tasks).then(() => {
      cancel();
      resolve();
    });
  });
}
