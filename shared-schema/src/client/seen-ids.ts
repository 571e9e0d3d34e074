/**
 * What has been received already. Ids are compared within a series, not across: each channel has a log of its
 * own, and a gateway that thins samples may send an alert before an older sample.
 */
import type { BusMessage } from '../messages.js';
import { CHANNEL_OF, compareLogIds, seriesKey, TOPIC_OF } from '../series.js';

/** Series remembered; the one that was silent longest is forgotten first. */
const REMEMBERED = 20_000;
/** With ids of several logs, resuming goes back this far behind the newest; what comes twice is dropped. */
const OVERLAP_MS = 2000;
/** Of the ids received within the overlap, one in so many milliseconds is remembered. */
const MARK_EVERY_MS = 100;
/** What lies further behind the overlap is the old part of a snapshot: nobody has missed what came after it. */
const FARTHEST_BEHIND_MS = 60_000;

export interface SeenIds {
  /** False when the message, or a newer one of its series, was received before. Remembers it otherwise. */
  accept(message: BusMessage): boolean;
  /** Remembers a message that counts whatever came before: one of a snapshot. */
  restate(message: BusMessage): void;
  /**
   * From now on some log may lag behind the others: resume no later than from here, or about 2 s before, because that
   * may have begun a while ago. Pinned already, it stays where it is.
   */
  pin(): void;
  /** All logs are as far as each other again. */
  unpin(): void;
  /** The id to resume after, or `null` when there is none that is not older than `oldestMs`. */
  resumeAfter(oldestMs: number): string | null;
  /** The log may have begun anew: ids smaller than the known ones are no sign of a duplicate any more. */
  forget(): void;
}

export function createSeenIds(after: string | null): SeenIds {
  const bySeries = new Map<string, string>();
  const newestByLog = new Map<string, string>();
  /**
   * Ids that were really received, oldest first: a position that no log has given out tells a gateway nothing
   * about what was lost. The first is the newest that lies the overlap or more behind.
   */
  let marks: string[] = [];
  let fallback = after;
  let pinned: string | null = null;

  function mark(id: string): void {
    const last = marks.at(-1);
    if (last !== undefined && millisecondsOf(id) < millisecondsOf(last) + MARK_EVERY_MS) return;
    marks.push(id);
    const floorMs = millisecondsOf(id) - OVERLAP_MS;
    while (marks[1] !== undefined && millisecondsOf(marks[1]) <= floorMs) marks.shift();
  }

  function remember(key: string, message: BusMessage, id: string): void {
    bySeries.delete(key);
    bySeries.set(key, id);
    if (bySeries.size > REMEMBERED) {
      const [oldest] = bySeries.keys();
      if (oldest !== undefined) bySeries.delete(oldest);
    }
    const log = CHANNEL_OF[TOPIC_OF[message.type]];
    const newest = newestByLog.get(log);
    if (newest === undefined || compareLogIds(id, newest) > 0) newestByLog.set(log, id);
    mark(id);
  }

  /** Of each log the newest, oldest first. */
  function newestIds(): string[] {
    return [...newestByLog.values()].sort(compareLogIds);
  }

  function resumeId(): string | null {
    const newest = newestIds();
    const [oldest = null, last = oldest] = [newest[0], newest.at(-1)];
    if (oldest === null || last === null || newest.length === 1) return oldest;
    return millisecondsOf(oldest) > millisecondsOf(last) - OVERLAP_MS ? oldest : behind(last);
  }

  function behind(last: string): string {
    const [mark = last, next = mark] = marks;
    return millisecondsOf(mark) >= millisecondsOf(last) - OVERLAP_MS - FARTHEST_BEHIND_MS ? mark : next;
  }

  function pinId(): string | null {
    const [resume, last] = [resumeId(), newestIds().at(-1)];
    if (resume === null || last === undefined) return fallback;
    return compareLogIds(resume, behind(last)) < 0 ? resume : behind(last);
  }

  return {
    accept(message) {
      if (message.id === undefined) return true;
      const key = memoryKey(message);
      const last = bySeries.get(key);
      if (last !== undefined && compareLogIds(message.id, last) <= 0) return false;
      remember(key, message, message.id);
      return true;
    },
    restate(message) {
      if (message.id !== undefined) remember(memoryKey(message), message, message.id);
    },
    pin() {
      pinned ??= pinId();
    },
    unpin() {
      pinned = null;
    },
    resumeAfter(oldestMs) {
      const id = pinned ?? resumeId() ?? fallback;
      return id === null || millisecondsOf(id) < oldestMs ? null : id;
    },
    forget() {
      fallback = resumeId() ?? fallback;
      bySeries.clear();
      newestByLog.clear();
      marks = [];
    },
  };
}

/** Log lines are one series per line; what matters here is the stream that they come from. */
function memoryKey(message: BusMessage): string {
  if (message.type !== 'log') return seriesKey(message);
  return seriesKey({ ...message, data: { ...message.data, seq: 0 } });
}

function millisecondsOf(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}
