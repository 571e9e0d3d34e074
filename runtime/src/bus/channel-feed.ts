/**
 * One channel of one subscription: decides what is delivered, in which order, and under which id. Knows no
 * network and no timer.
 *
 * While *held*, live messages are kept aside and the log is read; `goLive` lets them follow, without those that
 * the log already had. A *barrier* is a log position that came in on the same connection as the live messages:
 * everything up to it has been received. Only the log and barriers move the position that recovery continues
 * after, never the id that a message claims; so an id that a foreign producer made up cannot make us skip
 * anything. It is passed on without the id when the log cannot have given it, or else (within one barrier
 * period) with the id that it claims.
 */
import { type Channel, comparePlaces, type LogPlace, NO_PLACE, placeOf } from '@pulsewire/shared-schema';
import type { Delivery, LogEntry } from './bus.js';
import { type EnvelopeTail, readTail, withId } from './envelope.js';
import { withoutId } from './foreign-id.js';
import { LOG_START } from './log-position.js';
import { createRecentBodies, fingerprintOf } from './recent-bodies.js';
import { createUnconfirmed } from './unconfirmed.js';

export interface ChannelFeedOptions {
  channel: Channel;
  /** Log id to continue after, or `null` to start with what comes next. */
  after: string | null;
  /** Takes a delivery. Must not throw. */
  deliver(delivery: Delivery): void;
  /** A message was recognised as a repeat, and not delivered. */
  onDuplicate(): void;
}

export interface ChannelFeed {
  /** Where recovery continues; `null` before anything is known. */
  position(): string | null;
  /** The last id delivered, or the one to continue after. */
  lastId(): string | null;
  /** Keeps live messages aside from now on, and forgets those kept so far. */
  hold(): void;
  /** Recovery begins after this position. */
  startAt(position: string): void;
  /** Entries that were read from the log, in order; their bytes are payloads without id. */
  recover(entries: readonly LogEntry[]): void;
  /**
   * The log was read to its end, by `atMs` (monotonic). `newestIdMs`: the latest time that an id can have which was
   * given by now, and so one of those kept aside.
   */
  goLive(live: { atMs: number; newestIdMs: number }): void;
  /** A live message. `newestIdMs`: the latest time that an id given by now can have. */
  receive(bytes: Buffer, newestIdMs: number): void;
  /** Everything up to this position of the log has been received. `sentAtMs`: when that was asked (monotonic). */
  barrier(position: string, sentAtMs: number): void;
  /** Whether this body was delivered not long ago. */
  delivered(payload: Buffer): boolean;
}

const START = placeOf(LOG_START);
/** How many messages back a repeat is recognised. */
const RECENT_BODIES = 20_000;

export function createChannelFeed(options: ChannelFeedOptions): ChannelFeed {
  const { channel, deliver, onDuplicate } = options;
  const recent = createRecentBodies(RECENT_BODIES);
  const unconfirmed = createUnconfirmed();
  let held: Buffer[] | null = [];
  let liveFromMs = Number.NEGATIVE_INFINITY;
  let position = options.after;
  /** {@link NO_PLACE} before anything is known: every id is after it. */
  let positionPlace = position === null ? NO_PLACE : placeOf(position);
  let lastId = options.after;
  /** Ids up to here were read from the log or are not wanted; their live copies may still come in. */
  let covered = START;

  function moveTo(reached: string): void {
    position = reached;
    positionPlace = placeOf(reached);
  }

  function isRepeat(tail: EnvelopeTail, fingerprint: number): boolean {
    return tail.redelivered && recent.has(fingerprint);
  }

  function pass(bytes: Buffer, newestIdMs: number): void {
    const tail = readTail(bytes);
    if (tail === null) deliver({ channel, id: null, bytes: withoutId(bytes), recovered: false });
    else if (comparePlaces(placeOf(tail.id), covered) <= 0) onDuplicate();
    else passClaimed(bytes, tail, newestIdMs);
  }

  function passClaimed(bytes: Buffer, tail: EnvelopeTail, newestIdMs: number): void {
    const fingerprint = fingerprintOf(bytes, tail.bodyEnd);
    const repeat = isRepeat(tail, fingerprint);
    const place = placeOf(tail.id);
    unconfirmed.add(place, fingerprint);
    if (repeat) {
      onDuplicate();
      return;
    }
    recent.add(fingerprint);
    if (isPlausible(place, positionPlace, newestIdMs)) {
      lastId = tail.id;
      deliver({ channel, id: tail.id, bytes, recovered: false });
    } else deliver({ channel, id: null, bytes: withoutId(bytes), recovered: false });
  }

  function recoverOne(entry: LogEntry): void {
    const bytes = withId(entry.bytes, entry.id);
    const tail = readTail(bytes) ?? { id: entry.id, bodyEnd: bytes.length, redelivered: false };
    const fingerprint = fingerprintOf(bytes, tail.bodyEnd);
    covered = placeOf(entry.id);
    moveTo(entry.id);
    if (unconfirmed.has(covered, fingerprint)) return;
    if (isRepeat(tail, fingerprint)) {
      onDuplicate();
      return;
    }
    recent.add(fingerprint);
    lastId = entry.id;
    deliver({ channel, id: entry.id, bytes, recovered: true });
  }

  return {
    position: () => position,
    lastId: () => lastId,
    hold() {
      held = [];
      covered = START;
    },
    startAt(start) {
      moveTo(start);
      covered = placeOf(start);
    },
    recover(entries) {
      for (const entry of entries) recoverOne(entry);
    },
    goLive({ atMs, newestIdMs }) {
      const waiting = held ?? [];
      held = null;
      liveFromMs = atMs;
      unconfirmed.clear();
      for (const bytes of waiting) pass(bytes, newestIdMs);
    },
    receive(bytes, newestIdMs) {
      if (held === null) pass(bytes, newestIdMs);
      else held.push(bytes);
    },
    barrier(confirmed, sentAtMs) {
      // Asked before the log was read: of what it covers, live copies may still come in behind this.
      if (held !== null || sentAtMs <= liveFromMs) return;
      moveTo(confirmed);
      covered = START;
      unconfirmed.clear();
    },
    delivered(payload) {
      const bytes = withId(payload, LOG_START);
      return recent.has(fingerprintOf(bytes, readTail(bytes)?.bodyEnd ?? bytes.length));
    },
  };
}

/** Whether the log can have given this id: after the position known, and not later than its clock. */
function isPlausible(place: LogPlace, position: LogPlace, newestIdMs: number): boolean {
  return comparePlaces(place, position) > 0 && place.ms <= Math.max(newestIdMs, position.ms);
}
