/**
 * Where the reading of a container's log stands, and which lines were there before. Within one stream lines are in the
 * order of their times; the two streams are written by two hands and mix slightly out of order, so each has a place of
 * its own: a time, and the number of lines at that time. A *replay* is what comes again: at the start of every new
 * reading, and when an engine repeats part of its files after a rotation (Docker 20.10 does).
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

export interface TrackedLine {
  stream: LogStreamName;
  time: EngineTime;
  /** Tells it from another line at the same time. */
  identity: string;
}

export interface LogTracker {
  /** A new reading begins, at `position().since`. */
  rewind(): void;
  /** True when the line was not there before; then it counts as read. `now` is the wall clock's time. */
  isNew(line: TrackedLine, now: EngineTime): boolean;
  nextSeq(): number;
  /** After everything so far. `openSince` are the times of lines whose end has not come. */
  position(openSince?: readonly EngineTime[]): LogPosition;
}

/** The streams' disorder is far below a second; reading this much again costs little. */
const OVERLAP_MS = 5000;

export function createLogTracker(start: LogPosition): LogTracker {
  const places: LogPosition['streams'] = { ...start.streams };
  /** Lines at the place's time that have come again, while a stream is in a replay. */
  let replayed: Partial<Record<LogStreamName, number>> = {};
  const lastIdentity: Partial<Record<LogStreamName, string>> = {};
  let latest: EngineTime | null = null;
  let seq = start.seq;

  function wasThere({ stream, time, identity }: TrackedLine, place: StreamPlace, now: EngineTime): boolean {
    if (time > place.time) return false;
    if (time < place.time) {
      // A place in the future is one from before the clock was set back.
      if (place.time > now) return false;
      replayed[stream] = 0;
      return true;
    }
    // The very last line again, with which a replay may begin.
    if (identity === lastIdentity[stream]) {
      replayed[stream] = place.count;
      return true;
    }
    const seen = replayed[stream];
    if (seen === undefined) return false;
    replayed[stream] = seen + 1;
    return seen < place.count;
  }

  function sinceOf(openSince: readonly EngineTime[]): EngineTime | null {
    if (latest === null) return start.since;
    const overlap = engineTimeOf(epochMsOf(latest) - OVERLAP_MS);
    const needed = [overlap, ...openSince].reduce((a, b) => (a < b ? a : b));
    return start.since !== null && needed < start.since ? start.since : needed;
  }

  return {
    rewind() {
      replayed = { stdout: 0, stderr: 0 };
    },
    isNew(line, now) {
      const { stream, time, identity } = line;
      // An engine that does not know fractions of `since` begins a little early.
      if (start.since !== null && time < start.since) return false;
      const place = places[stream];
      if (place !== undefined && wasThere(line, place, now)) return false;
      delete replayed[stream];
      places[stream] = { time, count: place?.time === time ? place.count + 1 : 1 };
      lastIdentity[stream] = identity;
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
