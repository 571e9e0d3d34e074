/** A channel's capped log in memory: what a Redis Stream is to the Redis bus. */
import { compareLogIds } from '@pulsewire/shared-schema';
import type { LogEntry } from './bus.js';
import { withId } from './envelope.js';
import { LOG_START, type LogFacts } from './log-position.js';

export interface MemoryLog {
  /** Appends a payload; the entry returned carries its id. */
  append(id: string, payload: string): LogEntry;
  facts(position: string): LogFacts;
  after(position: string, limit: number, startsWith?: string): LogEntry[];
}

export interface MemoryLogCapacity {
  entries: number;
  /** Of all messages together. */
  bytes: number;
}

/** Trimming moves everything that stays, so it waits until this share of the capacity is over it. */
const SLACK = 0.1;

export function createMemoryLog(capacity: MemoryLogCapacity): MemoryLog {
  let entries: LogEntry[] = [];
  let bytes = 0;
  let trimmed = false;

  /** The newest entry stays, however large it is: it tells where the log is. */
  function trim(): void {
    let first = Math.max(0, entries.length - capacity.entries);
    for (const entry of entries.slice(0, first)) bytes -= entry.bytes.length;
    while (bytes > capacity.bytes && first < entries.length - 1) {
      bytes -= entries[first]?.bytes.length ?? 0;
      first += 1;
    }
    entries = entries.slice(first);
    trimmed = true;
  }

  /** Index of the first entry after the position. */
  function indexAfter(position: string): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareLogIds(entries[middle]?.id ?? position, position) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    append(id, payload) {
      const entry = { id, bytes: withId(Buffer.from(payload), id) };
      entries.push(entry);
      bytes += entry.bytes.length;
      const most = 1 + SLACK;
      if (entries.length > capacity.entries * most || bytes > capacity.bytes * most) trim();
      return entry;
    },
    facts(position) {
      const lastId = entries.at(-1)?.id ?? LOG_START;
      return {
        lastId,
        trimmed,
        contains: entries[indexAfter(position) - 1]?.id === position,
        entries: entries.length,
      };
    },
    after(position, limit, startsWith) {
      const start = indexAfter(position);
      if (startsWith === undefined) return entries.slice(start, start + limit);
      const head = Buffer.from(startsWith);
      const begins = ({ bytes }: LogEntry) => bytes.subarray(0, head.length).equals(head);
      return entries.slice(start).filter(begins).slice(0, limit);
    },
  };
}
