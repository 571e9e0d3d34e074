/**
 * The snapshot of a gateway that reads its logs from both ends. Until all is read it has what came last: that is
 * right, though not all. Then what came before that is put under it. Only the newest of every series has to be kept
 * for that, and that containers were removed or renamed, which concerns other series.
 */
import type { BusMessage } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import type { Snapshot } from './snapshot.js';

export interface Priming {
  /** Of the end of a log, or live. */
  note(arrival: Arrival): void;
  /** From before the end. */
  noteOld(arrival: Arrival): void;
  /** Forgets what came from before the end: it will be read again. */
  restartOld(): void;
  /** Forgets everything: it will be read again. */
  restart(): void;
  /** From now on what comes is noted, and nothing else. */
  finish(): void;
}

/** In the order in which they were last set. */
type Kept = Map<string | number, Arrival>;

export function createPriming(snapshot: Snapshot): Priming {
  const [old, late]: [Kept, Kept] = [new Map(), new Map()];
  let finished = false;

  return {
    note(arrival) {
      snapshot.note(arrival);
      if (!finished) keep(late, arrival);
    },
    noteOld: (arrival) => keep(old, arrival),
    restartOld: () => old.clear(),
    restart() {
      late.clear();
      snapshot.clear();
    },
    finish() {
      finished = true;
      snapshot.clear();
      for (const kept of [old, late]) {
        for (const arrival of kept.values()) snapshot.note(arrival);
        kept.clear();
      }
    },
  };
}

function keep(kept: Kept, arrival: Arrival): void {
  const { message, series, seq } = arrival;
  if (message.type === 'log') return;
  const key = concernsOthers(message) ? seq : series;
  kept.delete(key);
  // A small payload would keep the whole block alive that it was read into.
  const payload = Buffer.allocUnsafeSlow(arrival.payload.length);
  arrival.payload.copy(payload);
  kept.set(key, { ...arrival, payload });
}

function concernsOthers(message: BusMessage): boolean {
  if (message.type !== 'container_status') return false;
  return message.data.removed === true || message.data.previous_name !== undefined;
}
