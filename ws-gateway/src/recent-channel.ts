/** One channel of the recent log: entries in the order of their ids, old ones taken from the front. */
import { comparePlaces, type LogPlace, placeOf } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import type { ReadEntry } from './log-reader.js';
import { createPackedEntries } from './packed-entries.js';

export interface RecentChannel {
  /** False when the id is not after the newest: the log was lost, and begun anew by a clock that went back. */
  isNext(id: string): boolean;
  push(id: string, arrival: Arrival): void;
  /** Drops the oldest entry, which becomes the floor; returns its bytes. */
  shift(): number;
  begin(floor: string): void;
  /** Drops everything. */
  clear(): void;
  /** True when everything after the position is here. */
  covers(position: string): boolean;
  /** True when the position is one that this channel has given out. */
  contains(position: string): boolean;
  after(position: string | null, limit: number): ReadEntry[];
  size(): number;
  bytes(): number;
  /** Monotonic time of the oldest entry; infinite without one. */
  oldestMs(): number;
}

/** Many clients resume at the same time from nearly the same place: entries that one read are kept for the next. */
const MAX_READ_ENTRIES = 4096;
const MAX_READ_BYTES = 4 * 1024 * 1024;

export function createRecentChannel(): RecentChannel {
  let entries = createPackedEntries();
  let floor: LogPlace | null = null;
  /** Of what was pushed, also when that has left again; the floor where nothing was. */
  let newest: LogPlace | null = null;
  let bytes = 0;
  let read = new Map<number, ReadEntry>();
  let readBytes = 0;

  function forgetRead(): void {
    read = new Map();
    readBytes = 0;
  }

  function readAt(number: number): ReadEntry | null {
    const known = read.get(number);
    if (known !== undefined) return known;
    const entry = entries.at(number);
    if (entry === null) return null;
    if (read.size >= MAX_READ_ENTRIES || readBytes >= MAX_READ_BYTES) forgetRead();
    read.set(number, entry);
    readBytes += entry.bytes.length;
    return entry;
  }

  return {
    isNext: (id) => newest === null || comparePlaces(placeOf(id), newest) > 0,
    push(id, { payload, receivedMs }) {
      newest = placeOf(id);
      floor ??= newest;
      entries.push(id, payload, receivedMs);
      bytes += payload.length;
    },
    shift() {
      const dropped = entries.shift();
      if (dropped === null) return 0;
      read.delete(entries.first() - 1);
      floor = dropped.place;
      bytes -= dropped.bytes;
      return dropped.bytes;
    },
    begin(from) {
      if (entries.first() !== entries.next()) return;
      floor = placeOf(from);
      newest = floor;
    },
    clear() {
      entries = createPackedEntries();
      floor = null;
      newest = null;
      bytes = 0;
      forgetRead();
    },
    covers: (position) => floor !== null && comparePlaces(floor, placeOf(position)) <= 0,
    contains(position) {
      const place = placeOf(position);
      const found = entries.placeAt(entries.numberAfter(place) - 1) ?? floor;
      return found !== null && comparePlaces(found, place) === 0;
    },
    after(position, limit) {
      const start = position === null ? entries.first() : entries.numberAfter(placeOf(position));
      const page: ReadEntry[] = [];
      for (let number = start; number < Math.min(entries.next(), start + limit); number += 1) {
        const entry = readAt(number);
        if (entry !== null) page.push(entry);
      }
      return page;
    },
    size: () => entries.next() - entries.first(),
    bytes: () => bytes,
    oldestMs: () => entries.oldestMs(),
  };
}
