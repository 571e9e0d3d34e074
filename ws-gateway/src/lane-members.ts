/**
 * The members of a lane. Who joined while older samples waited is *fresh*: it has those in its snapshot, so what
 * it gets is looked at one by one. Samples wait in a queue, so it is *settled* once as many were let out as waited
 * then; settled members receive all the same, at once where the engine can do that.
 */
import type { Arrival } from './arrival.js';
import type { Audience } from './engine.js';
import type { LaneMember } from './lane.js';
import { createPacket, type Packet } from './packet.js';

export interface Members {
  /** `joinedSeq`: the last arrival that it has already. `waiting`: samples that wait now. */
  add(member: LaneMember, joinedSeq: number, waiting: number): void;
  delete(member: LaneMember): void;
  size(): number;
  /** To all. */
  write(packet: Packet): void;
  /**
   * To each what it does not have; `packet` is made of the arrivals, `minSeq` their lowest number. Calls back when all
   * have been written to.
   */
  writeArrivals(packet: Packet, arrivals: readonly Arrival[], minSeq: number, onWritten: () => void): void;
  /** So many samples that had waited go out with the next arrivals. */
  noteLetOut(count: number): void;
}

interface Joined {
  seq: number;
  /** Samples let out when it is settled. */
  settledAt: number;
}

export function createMembers(audience: Audience | null): Members {
  const alone = new Map<LaneMember, Joined>();
  const together = new Set<LaneMember>();
  let letOut = 0;

  function settle(): void {
    for (const [member, { settledAt }] of alone) {
      if (settledAt > letOut) continue;
      alone.delete(member);
      enter(member);
    }
  }

  function enter(member: LaneMember): void {
    together.add(member);
    if (member.connection !== undefined) audience?.add(member.connection);
  }

  function writeTogether(packet: Packet, onWritten: () => void): void {
    if (audience !== null && together.size > 0) {
      audience.write(packet, onWritten);
      return;
    }
    for (const member of together) member.write(packet);
    onWritten();
  }

  return {
    add(member, joinedSeq, waiting) {
      if (waiting === 0) enter(member);
      else alone.set(member, { seq: joinedSeq, settledAt: letOut + waiting });
    },
    delete(member) {
      alone.delete(member);
      if (together.delete(member) && member.connection !== undefined) audience?.delete(member.connection);
    },
    size: () => alone.size + together.size,
    write(packet) {
      for (const member of alone.keys()) member.write(packet);
      writeTogether(packet, () => {});
    },
    writeArrivals(packet, arrivals, minSeq, onWritten) {
      for (const [member, { seq }] of alone)
        if (seq < minSeq) member.write(packet);
        else writeNewer(member, arrivals, seq);
      writeTogether(packet, onWritten);
      if (alone.size > 0) settle();
    },
    noteLetOut(count) {
      letOut += count;
    },
  };
}

function writeNewer(member: LaneMember, arrivals: readonly Arrival[], joinedSeq: number): void {
  const newer = arrivals.filter(({ seq }) => seq > joinedSeq);
  if (newer.length > 0) member.write(createPacket(newer.map(({ payload }) => payload)));
}
