/**
 * The snapshot of a gateway that reads its logs from both ends: what came last waits here until all that came
 * before it has been noted. Of samples only the newest of every series has to wait.
 */
import type { Arrival } from './arrival.js';
import type { Snapshot } from './snapshot.js';

export interface Priming {
  /** Of the end of a log, or live. Waits until {@link Priming.finish}, and is noted at once from then on. */
  note(arrival: Arrival): void;
  /** From before the end. */
  noteOld(arrival: Arrival): void;
  /** Forgets what waits: it will be read again. */
  restart(): void;
  finish(): void;
}

export function createPriming(snapshot: Snapshot): Priming {
  /** In the order in which they were last set; `null` when nothing has to wait any more. */
  let waiting: Map<string | number, Arrival> | null = new Map();
  return {
    note(arrival) {
      if (waiting === null) return snapshot.note(arrival);
      const key = arrival.message.type === 'system_metric' ? arrival.series : arrival.seq;
      waiting.delete(key);
      waiting.set(key, arrival);
    },
    noteOld: snapshot.note,
    restart: () => waiting?.clear(),
    finish() {
      for (const arrival of waiting?.values() ?? []) snapshot.note(arrival);
      waiting = null;
    },
  };
}
