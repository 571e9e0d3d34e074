/**
 * A stretch of a log of which only the newest of every series counts. Most of it are samples that a later one
 * replaces, and to see that takes less than to read them: those that are the same but for time and value.
 */
import type { LogEntry } from '@pulsewire/runtime';
import { TIME_PATTERN } from '@pulsewire/shared-schema';

export interface NewestEntries {
  add(entry: LogEntry): void;
  /** What was added since the last time without what was replaced, in the order of the log. */
  take(): Iterable<LogEntry>;
  readonly size: number;
}

/**
 * What stands before the rest of a sample as our own publisher writes it, time and value such that they are valid
 * whatever comes behind. So of two samples with the same rest either both are valid or none.
 */
const HEAD = new RegExp(
  `^\\{"type":"system_metric","data":\\{"time":"${TIME_PATTERN.slice(1, -1)}",` +
    '"metric_type":("[a-z0-9_]+"),"value":-?(?:0|[1-9]\\d{0,15})(?:\\.\\d{1,20})?,',
);
/** Far from the limit of a message: a longer value must not make the difference. */
const MAX_BYTES = 4096;

export function createNewestEntries(): NewestEntries {
  /** In the order in which they were last set. */
  let newest = new Map<string, LogEntry>();
  return {
    add(entry) {
      const key = renderKey(entry);
      newest.delete(key);
      newest.set(key, entry);
    },
    take() {
      const taken = newest.values();
      newest = new Map();
      return taken;
    },
    get size() {
      return newest.size;
    },
  };
}

/** The id is at the end of the bytes, and names what nothing else can replace. */
function renderKey({ id, bytes }: LogEntry): string {
  if (bytes.length > MAX_BYTES) return id;
  const text = bytes.toString('latin1', 0, bytes.length - id.length);
  const found = HEAD.exec(text);
  return found === null ? id : `${found[1]}${text.slice(found[0].length, text.lastIndexOf(','))}`;
}
