/**
 * The newest payload per series, bounded in entries and bytes; what was not renewed for longest leaves first.
 * Payloads are copied into memory of their own: a payload that came from a socket is a slice of a far larger
 * block, which keeping the slice would keep alive. A renewal reuses the memory when it fits.
 */
import type { BusMessage } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';

export interface SeriesEntry {
  seq: number;
  id: string | null;
  message: BusMessage;
  /** Valid until the next change of this series: send it at once. */
  readonly payload: Buffer;
}

export interface BoundedSeries {
  set(arrival: Arrival): void;
  delete(series: string): void;
  /** Removes every entry for which the test holds. */
  deleteWhere(test: (message: BusMessage) => boolean): void;
  entries(): Iterable<SeriesEntry>;
  readonly size: number;
  readonly bytes: number;
}

export interface SeriesBounds {
  maxEntries: number;
  maxBytes: number;
}

interface Slot {
  seq: number;
  id: string | null;
  message: BusMessage;
  memory: Buffer;
  length: number;
  readonly payload: Buffer;
}

export function createBoundedSeries({ maxEntries, maxBytes }: SeriesBounds): BoundedSeries {
  const slots = new Map<string, Slot>();
  let bytes = 0;

  function remove(series: string): void {
    const slot = slots.get(series);
    if (slot === undefined) return;
    slots.delete(series);
    bytes -= slot.memory.length;
  }

  function evict(): void {
    for (const series of slots.keys()) {
      if (slots.size <= maxEntries && bytes <= maxBytes) return;
      remove(series);
    }
  }

  return {
    set(arrival) {
      const { seq, id, message, payload, series } = arrival;
      const known = slots.get(series);
      remove(series);
      const memory = fits(known, payload) ? known.memory : Buffer.allocUnsafeSlow(withSlack(payload.length));
      payload.copy(memory);
      slots.set(series, slotOf({ seq, id, message, memory, length: payload.length }));
      bytes += memory.length;
      evict();
    },
    delete: remove,
    deleteWhere(test) {
      for (const [series, slot] of slots) if (test(slot.message)) remove(series);
    },
    entries: () => slots.values(),
    get size() {
      return slots.size;
    },
    get bytes() {
      return bytes;
    },
  };
}

function fits(slot: Slot | undefined, payload: Buffer): slot is Slot {
  return (
    slot !== undefined &&
    payload.length <= slot.memory.length &&
    slot.memory.length <= payload.length * 2 + 64
  );
}

/** Room for values that get a few digits longer. */
function withSlack(length: number): number {
  return length + 32;
}

function slotOf(slot: Omit<Slot, 'payload'>): Slot {
  return {
    ...slot,
    get payload() {
      return this.memory.subarray(0, this.length);
    },
  };
}
