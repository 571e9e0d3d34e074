/** What waits to be written, in order. Bounded: what does not fit is read again from the log of the bus later. */
import type { Entry } from './build-batch.js';

export interface EntryQueue {
  readonly size: number;
  readonly bytes: number;
  /** False when it does not fit; nothing was added then. */
  push(entry: Entry): boolean;
  /** The first ones, at most `count`; they stay. */
  peek(count: number): readonly Entry[];
  /** Removes the first ones. */
  drop(count: number): void;
  clear(): void;
}

export interface QueueLimits {
  entries: number;
  bytes: number;
}

export function createEntryQueue(limits: QueueLimits): EntryQueue {
  let entries: Entry[] = [];
  let bytes = 0;
  return {
    get size() {
      return entries.length;
    },
    get bytes() {
      return bytes;
    },
    push(entry) {
      // A single message fits always: one that is larger than the limit could never be read again, either.
      const fits = entries.length < limits.entries && bytes + entry.bytes.length <= limits.bytes;
      if (!fits && entries.length > 0) return false;
      entries.push(entry);
      bytes += entry.bytes.length;
      return true;
    },
    peek: (count) => entries.slice(0, count),
    drop(count) {
      for (const entry of entries.slice(0, count)) bytes -= entry.bytes.length;
      entries = entries.slice(count);
    },
    clear() {
      entries = [];
      bytes = 0;
    },
  };
}
