import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.js';
import type { Audience } from './engine.js';
import { createMembers } from './lane-members.js';
import { createPacket, type Packet } from './packet.js';
import { createFakeConnection, createFakeMember } from './testing/fakes.js';
import { arrival, metric } from './testing/messages.js';

function createFakeAudience() {
  const inside = new Set<unknown>();
  const texts: string[] = [];
  const audience: Audience = {
    add: (connection) => inside.add(connection),
    delete: (connection) => inside.delete(connection),
    write({ payloads }: Packet, onWritten) {
      texts.push(...payloads.map(String));
      onWritten();
    },
  };
  return { audience, inside, texts };
}

function memberWith(connection = createFakeConnection()) {
  return Object.assign(createFakeMember(), { connection });
}

function numbered(...seqs: number[]): Arrival[] {
  return seqs.map((seq) => arrival(metric(), { seq, payload: Buffer.from(String(seq)) }));
}

function packetOf(arrivals: readonly Arrival[]) {
  return createPacket(arrivals.map(({ payload }) => payload));
}

describe('the members of a lane', () => {
  it('GW-51: nothing waits, in the audience at once, and written to once for all', () => {
    const { audience, inside, texts } = createFakeAudience();
    const members = createMembers(audience);
    const both = [memberWith(), memberWith()];
    for (const member of both) members.add(member, 1, 0);
    const arrivals = numbered(2, 3);
    members.writeArrivals(packetOf(arrivals), arrivals, 2, () => {});
    expect([inside.size, texts, both.flatMap(({ packets }) => packets)]).toEqual([2, ['2', '3'], []]);
  });

  it('GW-65: samples wait, alone until as many were let out, and in the audience then', () => {
    const { audience, inside, texts } = createFakeAudience();
    const members = createMembers(audience);
    const fresh = memberWith();
    members.add(fresh, 5, 2);
    const sizes: number[] = [];
    for (const seqs of [[3], [4, 6], [7]]) {
      const arrivals = numbered(...seqs);
      members.noteLetOut(1);
      members.writeArrivals(packetOf(arrivals), arrivals, seqs[0] ?? 0, () => {});
      sizes.push(inside.size);
    }
    expect([fresh.texts(), texts, sizes]).toEqual([['6'], ['7'], [0, 1, 1]]);
  });

  it('GW-51: without an audience, each is written to, from the lane and for all', () => {
    const members = createMembers(null);
    const [settled, fresh] = [memberWith(), memberWith()];
    members.add(settled, 0, 0);
    members.add(fresh, 0, 9);
    members.write(createPacket([Buffer.from('notice')]));
    expect([settled.texts(), fresh.texts(), members.size()]).toEqual([['notice'], ['notice'], 2]);
  });

  it('GW-71: who leaves, gone from the audience', () => {
    const { audience, inside } = createFakeAudience();
    const members = createMembers(audience);
    const member = memberWith();
    members.add(member, 0, 0);
    members.delete(member);
    expect([inside.size, members.size()]).toEqual([0, 0]);
  });
});
