/**
 * The newest payload per series, bounded in entries and bytes; what was not renewed for longest leaves first.
 * Payloads are copied into memory of their own: a payload that came from a socket is a slice of a far larger
 * block, which keeping the slice would keep alive. A renewal happens in place and leaves no object behind: what
 * lives as long as a series' interval costs a garbage collection each time it is replaced.
 */
import { type BusMessage, NO_PLACE, placeOf, renderPlace } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';

export interface SeriesEntry {
  seq: number;
  id: string | null;
  /** Of a sample, only what its series key is made of is up to date. */
  message: BusMessage;
  /** Valid until the next change of this series: send it at once. */
  payload: Buffer;
}

export interface BoundedSeries {
  set(arrival: Arrival): void;
  delete(series: string): void;
  /** Removes every entry for which the test holds. */
  deleteWhere(test: (message: BusMessage) => boolean): void;
  entries(): Iterable<SeriesEntry>;
  size(): number;
  bytes(): number;
}

export interface SeriesBounds {
  maxEntries: number;
  maxBytes: number;
}

/** Slots form a ring in the order of their renewal; {@link createRing} makes its fixed point. */
interface Links {
  older: Links;
  newer: Links;
}

interface Slot extends Links {
  readonly series: string;
  seq: number;
  message: BusMessage;
  idMs: number;
  idSequence: number;
  memory: Buffer;
  length: number;
}

export function createBoundedSeries({ maxEntries, maxBytes }: SeriesBounds): BoundedSeries {
  const slots = new Map<string, Slot>();
  const ring = createRing();
  let bytes = 0;

  function remove(slot: Slot): void {
    slots.delete(slot.series);
    unlink(slot);
    bytes -= slot.memory.length;
  }

  function insert(arrival: Arrival): void {
    const { seq, message, series } = arrival;
    const memory = Buffer.allocUnsafeSlow(0);
    const slot: Slot = { ...ring, series, seq, message, idMs: 0, idSequence: 0, memory, length: 0 };
    slots.set(series, slot);
    fill(slot, arrival);
    link(slot, ring);
  }

  function fill(slot: Slot, { seq, id, payload }: Arrival): void {
    const { ms, sequence } = id === null ? NO_PLACE : placeOf(id);
    if (!fits(slot.memory, payload)) {
      bytes -= slot.memory.length;
      slot.memory = Buffer.allocUnsafeSlow(withSlack(payload.length));
      bytes += slot.memory.length;
    }
    payload.copy(slot.memory);
    slot.length = payload.length;
    slot.seq = seq;
    slot.idMs = ms;
    slot.idSequence = sequence;
  }

  function evict(): void {
    while (slots.size > maxEntries || bytes > maxBytes) remove(ring.newer as Slot);
  }

  return {
    set(arrival) {
      const slot = slots.get(arrival.series);
      if (slot === undefined) insert(arrival);
      else {
        if (!arrival.sample) slot.message = arrival.message;
        fill(slot, arrival);
        unlink(slot);
        link(slot, ring);
      }
      evict();
    },
    delete(series) {
      const slot = slots.get(series);
      if (slot !== undefined) remove(slot);
    },
    deleteWhere(test) {
      for (const slot of slots.values()) if (test(slot.message)) remove(slot);
    },
    *entries() {
      for (const slot of slots.values()) yield entryOf(slot);
    },
    size: () => slots.size,
    bytes: () => bytes,
  };
}

function createRing(): Links {
  const ring = {} as Links;
  ring.older = ring;
  ring.newer = ring;
  return ring;
}

function unlink({ older, newer }: Links): void {
  older.newer = newer;
  newer.older = older;
}

/** Makes it the newest: the one before the fixed point. */
function link(slot: Links, ring: Links): void {
  slot.older = ring.older;
  slot.newer = ring;
  ring.older.newer = slot;
  ring.older = slot;
}

function fits(memory: Buffer, payload: Buffer): boolean {
  return payload.length <= memory.length && memory.length <= payload.length * 2 + 64;
}

/** Room for values that get a few digits longer. */
function withSlack(length: number): number {
  return length + 32;
}

function entryOf({ seq, message, idMs, idSequence, memory, length }: Slot): SeriesEntry {
  const id = idMs === NO_PLACE.ms ? null : renderPlace({ ms: idMs, sequence: idSequence });
  return { seq, id, message, payload: memory.subarray(0, length) };
}
