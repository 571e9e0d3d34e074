/**
 * The snapshot of a gateway that reads its logs from both ends: what came last waits here until all that came
 * before it has been noted. Only the newest of every series has to wait, and the states of containers, which concern
 * other series.
 */
import type { Arrival } from './arrival.js';
import type { Snapshot } from './snapshot.js';

export interface Priming {
  /** Of the end of a log, or live. Waits until {@link Priming.finish}, and is noted at once from then on. */
  note(arrival: Arrival): void;
  /** From before the end. */
  noteOld(arrival: Arrival): void;
  /** Forgets what came from before the end: it will be read again. */
  restartOld(): void;
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
      if (arrival.message.type === 'log') return;
      const key = arrival.message.type === 'container_status' ? arrival.seq : arrival.series;
      waiting.delete(key);
      waiting.set(key, arrival);
    },
    noteOld: snapshot.note,
    restartOld: snapshot.clear,
    restart: () => waiting?.clear(),
    finish() {
      for (const arrival of waiting?.values() ?? []) snapshot.note(arrival);
      waiting = null;
    },
  };
}
