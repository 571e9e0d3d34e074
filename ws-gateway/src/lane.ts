/**
 * A lane carries one stream to every client with the same selection and rate. Since its members receive the
 * same messages, the limit, the thinning and the buffer are decided once for all of them: a member costs one
 * write per turn, nothing else. A member that joins while older samples wait has them in its snapshot already;
 * `joinedSeq` keeps them from it.
 */
import type { Clock } from '@pulsewire/runtime';
import type { Arrival } from './arrival.js';
import { createConflation } from './conflate.js';
import type { Audience, Connection } from './engine.js';
import { renderNotice } from './feed-words.js';
import { createMembers } from './lane-members.js';
import type { CreatePacer, Pacer } from './pacer.js';
import { createPacket, type Packet } from './packet.js';
import { wants } from './route.js';
import type { Selection } from './selection.js';
import { createThrottle, noticeIntervalMs, paceOf } from './throttle.js';

/** What a lane needs of a client. */
export interface LaneMember {
  write(packet: Packet): void;
  /** With it the member can be in an engine's audience. */
  readonly connection?: Connection;
}

export interface Lane {
  /** Takes an arrival; it goes out with the next flush, waits to be thinned, or is not wanted here. */
  offer(arrival: Arrival): void;
  /** Writes what this turn collected, one write per member. */
  flush(): void;
  /** `joinedSeq`: the last arrival that the member has already. Flush first. */
  add(member: LaneMember, joinedSeq: number): void;
  delete(member: LaneMember): void;
  /** Samples that were held back and have not gone out. */
  waiting(): Arrival[];
  waitingBytes(): number;
  size(): number;
  /** To a member that received everything. */
  writtenBytes(): number;
  /** The same since the last call. */
  takeBytes(): number;
  stop(): void;
}

export interface LaneOptions {
  selection: Selection;
  messagesPerSecond: number;
  /** Messages that count as if they had just gone out. */
  spent?: number;
  clock: Clock;
  createPacer: CreatePacer;
  /** An engine's way to write to many at once; `null` where it has none. */
  createAudience?(): Audience | null;
  /** Asks for one call of `flush` at the end of this turn of the event loop. */
  requestFlush(lane: Lane): void;
  /** Called after each flush with what goes out to how many members. */
  onSent(arrivals: readonly Arrival[], packet: Packet, members: number): void;
  /** Called when it was written to all of them. `held`: it was held back by the limit. */
  onWritten(arrivals: readonly Arrival[], held: boolean): void;
  /** Called with the number of samples that a notice told of, and to how many members. */
  onThinned(skipped: number, members: number): void;
}

/** What goes out with the next flush; never empty. */
interface Batch {
  arrivals: Arrival[];
  minSeq: number;
}

export function createLane(options: LaneOptions): Lane {
  const { selection, messagesPerSecond, clock, requestFlush, onSent, onThinned, onWritten } = options;
  const pace = paceOf(messagesPerSecond);
  const throttle = createThrottle(messagesPerSecond);
  const conflation = createConflation();
  const members = createMembers(options.createAudience?.() ?? null);
  let pacer: Pacer | undefined;
  let paced = false;
  let thinningSinceMs = 0;
  let writtenBytes = 0;
  let takenBytes = 0;
  let batch: Batch | null = null;
  throttle.spend(options.spent ?? 0, clock.monotonicMs());

  function collect(arrival: Arrival): void {
    if (batch === null) {
      batch = { arrivals: [arrival], minSeq: arrival.seq };
      requestFlush(lane);
    } else {
      batch.arrivals.push(arrival);
      if (arrival.seq < batch.minSeq) batch.minSeq = arrival.seq;
    }
  }

  function wait(sample: Arrival): void {
    conflation.put(sample);
    if (paced) return;
    paced = true;
    thinningSinceMs = sample.receivedMs;
    pacer ??= options.createPacer(pace.intervalMs);
    pacer.schedule(letOut);
  }

  function letOut(): void {
    const nowMs = clock.monotonicMs();
    const room = throttle.room(nowMs);
    const notices = room > 0 && isNoticeDue(nowMs) ? 1 : 0;
    const samples = conflation.take(Math.min(pace.quota, room - notices));
    throttle.spend(samples.length + notices, nowMs);
    lane.flush();
    for (const sample of samples) collect(sample);
    members.noteLetOut(samples.length);
    writeOut(true);
    if (notices > 0) tellThinning(nowMs);
    paced = conflation.waiting() > 0 || conflation.skipped() > 0;
    if (paced) pacer?.schedule(letOut);
  }

  function isNoticeDue(nowMs: number): boolean {
    return conflation.skipped() > 0 && nowMs - thinningSinceMs >= noticeIntervalMs(messagesPerSecond);
  }

  function tellThinning(nowMs: number): void {
    const windowMs = nowMs - thinningSinceMs;
    thinningSinceMs = nowMs;
    const skipped = conflation.takeSkipped();
    const packet = createPacket([renderNotice(skipped, windowMs)]);
    writtenBytes += packet.bytes;
    members.write(packet);
    onThinned(skipped, members.size());
  }

  function writeOut(held: boolean): void {
    if (batch === null) return;
    const { arrivals, minSeq } = batch;
    batch = null;
    const packet = createPacket(payloadsOf(arrivals));
    // Before, because a mark behind it vouches for it, too.
    writtenBytes += packet.bytes;
    members.writeArrivals(packet, arrivals, minSeq, () => onWritten(arrivals, held));
    onSent(arrivals, packet, members.size());
  }

  const lane: Lane = {
    offer(arrival) {
      if (!wants(selection, arrival.message)) return;
      if (arrival.sample && (conflation.waiting() > 0 || throttle.room(arrival.receivedMs) === 0))
        wait(arrival);
      else {
        throttle.spend(1, arrival.receivedMs);
        collect(arrival);
      }
    },
    flush: () => writeOut(false),
    add: (member, joinedSeq) => members.add(member, joinedSeq, conflation.waiting()),
    delete: (member) => members.delete(member),
    waiting: () => conflation.peek(),
    waitingBytes: conflation.waitingBytes,
    size: () => members.size(),
    writtenBytes: () => writtenBytes,
    takeBytes() {
      const bytes = writtenBytes - takenBytes;
      takenBytes = writtenBytes;
      return bytes;
    },
    stop: () => pacer?.stop(),
  };
  return lane;
}

/** Not by `map`: what that returns is of another kind once it is optimised, and whoever reads it is compiled anew. */
function payloadsOf(arrivals: readonly Arrival[]): Buffer[] {
  const payloads: Buffer[] = [];
  for (const { payload } of arrivals) payloads.push(payload);
  return payloads;
}
