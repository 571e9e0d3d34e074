/**
 * The way out to one client: counts what it is written, marks it (see `marks.ts`), and knows how much of it is unsent.
 * What it is written as a member of a lane is counted by the lane, for all members at once.
 */
import type { Clock } from '@pulsewire/runtime';
import { CLOSE_CODES } from '@pulsewire/shared-schema';
import type { Connection } from './engine.js';
import type { LaneMember } from './lane.js';
import type { Place } from './lanes.js';
import {
  answerMark,
  asNew,
  awaitMark,
  awaitsFirstAnswer,
  createMarks,
  hasAnswered,
  isAtFirst,
  isMarkDue,
  isNew,
  lateMs,
  MARK_EVERY_BYTES,
  markEveryBytes,
  placeMark,
  renderMark,
  unansweredBytes,
} from './marks.js';
import { createPacket, type Packet } from './packet.js';
import { CUT_OFF_ABOVE_BYTES, type PressureFacts } from './pressure.js';

export interface Outlet {
  /** What a lane writes to. */
  readonly member: LaneMember;
  /** Bytes that the client was written and is not known to have read; of one that answers no ping, what has not left. */
  unsentBytes(): number;
  write(payloads: Buffer[]): void;
  /** Writes what the client asked for, which comes on top of what may be unsent. */
  send(payloads: Buffer[]): void;
  /** Writes a packet that everybody gets. */
  forward(packet: Packet): void;
  /** Counts from now on what the lane writes, until {@link Outlet.leaveLane}. */
  enterLane(place: Pick<Place, 'writtenBytes'>): void;
  leaveLane(): void;
  /** True for a client that has answered a ping. */
  answers(): boolean;
  /** True for one whose first answer may still come. */
  awaitsFirst(): boolean;
  /** Sends a ping that its answer can be told by. */
  mark(): void;
  /** The same; how late this one comes back is among the facts from now on. */
  awaitMark(): void;
  /** What the client has read so far does not show how quickly it will read. */
  treatAsNew(): void;
  /**
   * To be called regularly: marks when enough was written to a client that answers, and says whether it did. Where that
   * costs less, the mark goes out with the next packet of the lane; with the next call, if none comes until then.
   */
  markWhenDue(nowMs: number): boolean;
  /** Takes the payload of a pong. */
  heard(payload: string): void;
  /** How long a client that has everything need not be looked at, going by what it was written since the last call. */
  restMs(nowMs: number): number;
  facts(nowMs: number): PressureFacts;
  closeTooSlow(): void;
}

/** Ten thousand looks four times a second would cost more than their messages. */
const LONGEST_REST_MS = 1000;

export interface OutletOptions {
  connection: Connection;
  clock: Clock;
  /** False while other clients have been marked so often that this one must wait. */
  takeMark(): boolean;
  onSent(packet: Packet): void;
}

export function createOutlet({ connection, clock, takeMark, onSent }: OutletOptions): Outlet {
  let marks = createMarks();
  let ownBytes = 0;
  let lane: Pick<Place, 'writtenBytes'> | null = null;
  let allowedBytes = CUT_OFF_ABOVE_BYTES;
  /** A mark waits for the next packet. */
  let markWaits = false;
  /** An object, because a variable would take a new number on the heap at each look. */
  const rested = { ms: clock.monotonicMs(), bytes: 0 };

  function writtenBytes(): number {
    return ownBytes + (lane?.writtenBytes() ?? 0);
  }

  /** Without what is due. */
  function sentBytes(): number {
    return writtenBytes() - connection.dueBytes;
  }

  function awaitsFirst(): boolean {
    return !hasAnswered(marks) && awaitsFirstAnswer(marks, clock.monotonicMs());
  }

  function unsentBytes(): number {
    return Math.max(connection.bufferedBytes, awaitsFirst() ? writtenBytes() : unansweredBytes(marks));
  }

  function closeTooSlow(): void {
    connection.close(CLOSE_CODES.tooSlow, 'reads too slowly');
  }

  function holdsTooMuch(): boolean {
    if (connection.bufferedBytes <= allowedBytes) return false;
    closeTooSlow();
    return true;
  }

  function write(payloads: Buffer[]): void {
    if (payloads.length === 0 || holdsTooMuch()) return;
    const packet = createPacket(payloads);
    connection.write(packet);
    ownBytes += packet.bytes;
    onSent(packet);
  }

  function mark(): void {
    markWaits = false;
    const isAwaiting = lateMs(marks) === null;
    marks = placeMark(marks, sentBytes(), clock.monotonicMs());
    if (!isAwaiting) marks = awaitMark(marks);
    connection.ping(renderMark(marks));
  }

  function markWaiting(): void {
    if (markWaits) mark();
  }

  return {
    member: {
      connection,
      write(packet) {
        if (!holdsTooMuch()) connection.write(packet);
      },
    },
    unsentBytes,
    write,
    send(payloads) {
      // Otherwise it would be cut off half-way through.
      const { bytes } = createPacket(payloads);
      allowedBytes = Math.max(allowedBytes, CUT_OFF_ABOVE_BYTES + bytes);
      for (const run of runsOf(payloads)) {
        write(run);
        if (isMarkDue(marks, writtenBytes(), clock.monotonicMs())) mark();
      }
    },
    forward(packet) {
      connection.write(packet);
      ownBytes += packet.bytes;
    },
    enterLane(place) {
      lane = place;
    },
    leaveLane() {
      ownBytes = writtenBytes();
      lane = null;
    },
    answers: () => hasAnswered(marks),
    awaitsFirst,
    mark,
    awaitMark() {
      mark();
      marks = awaitMark(marks);
    },
    treatAsNew() {
      marks = asNew(marks);
    },
    markWhenDue(nowMs) {
      // It was due at the last call, and nothing came since.
      if (markWaits) {
        mark();
        return true;
      }
      if (!hasAnswered(marks) || !isMarkDue(marks, sentBytes(), nowMs) || !takeMark()) return false;
      markWaits = connection.behindNext !== undefined;
      if (markWaits) connection.behindNext?.(markWaiting);
      else mark();
      return true;
    },
    heard(payload) {
      marks = answerMark(marks, payload, clock.monotonicMs());
    },
    restMs(nowMs) {
      const bytes = writtenBytes();
      const bytesPerMs = (bytes - rested.bytes) / Math.max(1, nowMs - rested.ms);
      rested.ms = nowMs;
      rested.bytes = bytes;
      return Math.min(LONGEST_REST_MS, markEveryBytes(marks) / bytesPerMs);
    },
    facts(nowMs) {
      const answers = hasAnswered(marks);
      const isWaiting = awaitsFirst();
      return {
        unsentBytes: unsentBytes(),
        heldBytes: connection.bufferedBytes,
        snapshotBytes: allowedBytes - CUT_OFF_ABOVE_BYTES,
        answeredMs: marks.answeredMs,
        gapBytes: answers ? marks.gapBytes : 0,
        awaitsFirst: isWaiting,
        isNew: isNew(marks),
        isAtFirst: isAtFirst(marks),
        leastMs: marks.leastMs,
        lateMs: answers || isWaiting ? lateMs(marks) : 0,
        nowMs,
      };
    },
    closeTooSlow,
  };
}

/** Cut where a mark belongs in between, so that a large snapshot shows how far it was read. */
function* runsOf(payloads: Buffer[]): Generator<Buffer[]> {
  let run: Buffer[] = [];
  let bytes = 0;
  for (const payload of payloads) {
    run.push(payload);
    bytes += payload.length;
    if (bytes < MARK_EVERY_BYTES) continue;
    yield run;
    run = [];
    bytes = 0;
  }
  if (run.length > 0) yield run;
}
