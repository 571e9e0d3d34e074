import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.js';
import { createOutlet } from './outlet.js';
import { createPacket } from './packet.js';
import { setUp as audienceRig, PART } from './testing/audience-rig.js';
import { createFakePacer } from './testing/fakes.js';
import { alert, arrival } from './testing/messages.js';
import { selectionOf } from './testing/session-rig.js';

const KIB = 1024;

/** A client that answers, in a lane behind so many others, after 5 KiB were written to all: a mark is due. */
function markDue(others: number) {
  const clock = createManualClock();
  const { connect, rounds, turn } = audienceRig();
  const lanes = createLanes({
    messagesPerSecond: 200,
    clock,
    createPacer: createFakePacer().create,
    createAudience: rounds.createAudience,
    defer() {},
    onSent() {},
    onWritten() {},
    onThinned() {},
  });
  for (let number = 0; number < others; number += 1)
    lanes.join({ write() {}, connection: connect().connection }, selectionOf(), 0);
  const { texts, connection } = connect();
  const outlet = createOutlet({ connection, clock, takeMark: () => true, onSent() {} });
  outlet.mark();
  outlet.heard('0.1');
  texts.length = 0;
  const place = lanes.join(outlet.member, selectionOf(), 0);
  outlet.enterLane(place);
  let seq = 0;
  const say = (bytes: number) => {
    seq += 1;
    lanes.offer(arrival(alert({ message: 'x'.repeat(bytes) }), { seq }));
    lanes.flush();
  };
  say(5 * KIB);
  while (turn());
  outlet.markWhenDue(clock.monotonicMs());
  return { clock, outlet, place, say, texts, turn };
}

/** Of each mark, the position that it tells, and how many bytes of frames the client got before it. */
function positionsIn(texts: readonly string[]): { told: number; got: number }[] {
  return texts.flatMap((text, index) => {
    const [, told] = /^\((\d+)\.\d+\)$/.exec(text) ?? [];
    const before = texts.slice(0, index).filter((each) => !each.startsWith('('));
    const got = createPacket(before.map((each) => Buffer.from(each))).bytes;
    return told === undefined ? [] : [{ told: Number(told), got }];
  });
}

describe('the mark behind the next message', () => {
  it.each([
    ['its part is written to at once', 0],
    ['its part is the second', PART],
  ])('GW-101: %s, it vouches for all before it and nothing else', (_what, others) => {
    const { say, texts, turn } = markDue(others);
    const before = positionsIn(texts);
    say(KIB);
    say(KIB);
    while (turn());
    say(KIB);
    while (turn());
    const after = positionsIn(texts);
    expect([before, after.map(({ told, got }) => told - got)]).toEqual([[], [0]]);
  });

  it('GW-107: it left the lane before, the mark goes out with the next look', () => {
    const { clock, outlet, place, texts } = markDue(0);
    place.leave();
    outlet.leaveLane();
    outlet.markWhenDue(clock.monotonicMs());
    expect(positionsIn(texts).length).toBe(1);
  });
});
