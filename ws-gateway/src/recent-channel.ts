/** One channel of the recent log: entries in the order of their ids, old ones taken from the front. */
import { compareLogIds } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import type { ReadEntry } from './log-reader.js';

export interface RecentChannel {
  /** False when the id is not after the newest: the log was lost, and begun anew by a clock that went back. */
  isNext(id: string): boolean;
  push(id: string, arrival: Arrival): void;
  /** Drops the oldest entry, which becomes the floor; returns its bytes. */
  shift(): number;
  begin(floor: string): void;
  /** Drops everything, and returns its bytes. */
  clear(): number;
  /** True when everything after the position is here. */
  covers(position: string): boolean;
  /** True when the position is one that this channel has given out. */
  contains(position: string): boolean;
  after(position: string | null, limit: number): ReadEntry[];
  readonly size: number;
  /** Monotonic time of the oldest entry; infinite without one. */
  readonly oldestMs: number;
}

interface Entry extends ReadEntry {
  receivedMs: number;
}

/** Dropped entries are cut off together, so that a drop costs nothing. */
const MAX_DROPPED = 1024;

export function createRecentChannel(): RecentChannel {
  let entries: Entry[] = [];
  let head = 0;
  let floor: string | null = null;

  /** Index of the first entry after the position. */
  function indexAfter(position: string): number {
    let [low, high] = [head, entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareLogIds(entries[middle]?.id ?? position, position) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    isNext(id) {
      const newest = entries.length > head ? (entries.at(-1)?.id ?? null) : floor;
      return newest === null || compareLogIds(id, newest) > 0;
    },
    push(id, { payload, receivedMs }) {
      floor ??= id;
      entries.push({ id, bytes: payload, receivedMs });
    },
    shift() {
      const dropped = entries[head];
      if (dropped === undefined) return 0;
      floor = dropped.id;
      head += 1;
      if (head >= MAX_DROPPED && head * 2 >= entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
      return dropped.bytes.length;
    },
    begin(from) {
      if (entries.length === head) floor = from;
    },
    clear() {
      let bytes = 0;
      for (const entry of entries.slice(head)) bytes += entry.bytes.length;
      entries = [];
      head = 0;
      floor = null;
      return bytes;
    },
    covers: (position) => floor !== null && compareLogIds(floor, position) <= 0,
    contains: (position) => floor === position || entries[indexAfter(position) - 1]?.id === position,
    after(position, limit) {
      const start = position === null ? head : indexAfter(position);
      return entries.slice(start, start + limit);
    },
    get size() {
      return entries.length - head;
    },
    get oldestMs() {
      return entries[head]?.receivedMs ?? Number.POSITIVE_INFINITY;
    },
  };
}
