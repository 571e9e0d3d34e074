/**
 * Where the reading of a container's log stands, and which lines of a new reading were there before. Within one
 * stream lines are in the order of their times; the two streams are written by two hands and mix slightly out of
 * order, so each has a place of its own: a time, and the number of lines at that time.
 */
import type { LogStreamName } from './demultiplexer.js';
import { type EngineTime, engineTimeOf, epochMsOf } from './engine-time.js';

export interface StreamPlace {
  time: EngineTime;
  /** Lines at exactly this time, from the first. */
  count: number;
}

export interface LogPosition {
  /** What to ask the engine for: lines before it are never needed again. `null`: from the beginning. */
  since: EngineTime | null;
  streams: Partial<Record<LogStreamName, StreamPlace>>;
  /** Number of the next message of this service. */
  seq: number;
}

export interface LogTracker {
  /** A new reading begins, at `position().since`. */
  rewind(): void;
  /** True when the line was not there in an earlier reading; then it counts as read. */
  isNew(stream: LogStreamName, time: EngineTime): boolean;
  nextSeq(): number;
  /** After everything so far. `openSince` are the times of lines whose end has not come. */
  position(openSince?: readonly EngineTime[]): LogPosition;
}

/** The streams' disorder is far below a second; reading this much again costs little. */
const OVERLAP_MS = 5000;

export function createLogTracker(start: LogPosition): LogTracker {
  const places: LogPosition['streams'] = { ...start.streams };
  let marks: LogPosition['streams'] = {};
  let seenAtMark: Partial<Record<LogStreamName, number>> = {};
  let latest: EngineTime | null = null;
  let seq = start.seq;

  /** In a reading, everything of a stream up to its mark was there before. Past the mark, nothing was. */
  function wasThere(stream: LogStreamName, time: EngineTime): boolean {
    const mark = marks[stream];
    if (mark === undefined) return false;
    if (time < mark.time) return true;
    const seen = (seenAtMark[stream] ?? 0) + 1;
    seenAtMark[stream] = seen;
    if (time === mark.time && seen <= mark.count) return true;
    delete marks[stream];
    return false;
  }

  function sinceOf(openSince: readonly EngineTime[]): EngineTime | null {
    if (latest === null) return start.since;
    const overlap = engineTimeOf(epochMsOf(latest) - OVERLAP_MS);
    const needed = [overlap, ...openSince].reduce((a, b) => (a < b ? a : b));
    return start.since !== null && needed < start.since ? start.since : needed;
  }

  return {
    rewind() {
      marks = structuredClone(places);
      seenAtMark = {};
    },
    isNew(stream, time) {
      // An engine that does not know fractions of `since` begins a little early.
      if (start.since !== null && time < start.since) return false;
      if (wasThere(stream, time)) return false;
      const place = places[stream];
      places[stream] = { time, count: place?.time === time ? place.count + 1 : 1 };
      latest = time;
      return true;
    },
    nextSeq() {
      seq += 1;
      return seq - 1;
    },
    position: (openSince = []) => ({ since: sinceOf(openSince), streams: structuredClone(places), seq }),
  };
}

/** The further of two accounts of one container's log. `other` may know of lines that `position` does not. */
export function furthest(position: LogPosition, other: Omit<LogPosition, 'since'>): LogPosition {
  const streams = { ...position.streams };
  for (const name of ['stdout', 'stderr'] as const) {
    const [mine, theirs] = [position.streams[name], other.streams[name]];
    if (theirs === undefined || (mine !== undefined && mine.time > theirs.time)) continue;
    const count = mine?.time === theirs.time ? Math.max(mine.count, theirs.count) : theirs.count;
    streams[name] = { time: theirs.time, count };
  }
  return { since: position.since, streams, seq: Math.max(position.seq, other.seq) };
}
