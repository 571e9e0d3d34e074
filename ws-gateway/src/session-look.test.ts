import { describe, expect, it } from 'vitest';
import { alert } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

const KIB = 1024;

/** A client that answers no pings and has everything, looked at just now. */
function calm() {
  const rig = setUp();
  rig.session.select(selectionOf(), null);
  rig.clock.advance(5000);
  rig.session.checkPressure();
  rig.session.checkPressure();
  return rig;
}

describe('how often a client is looked at', () => {
  it('GW-105: it has everything and is written nothing, it may rest for a second', () => {
    const { clock, session } = calm();
    clock.advance(250);
    expect(session.checkPressure()).toBe(1000);
  });

  it('GW-105: it answers no pings, has everything and is written 16 KiB in 400 ms, it may rest for as long', () => {
    const { arrive, clock, session } = calm();
    const empty = JSON.stringify({ ...alert({ message: '' }) }).length;
    clock.advance(400);
    arrive(alert({ message: 'x'.repeat(16 * KIB - empty) }));
    expect(Math.round(session.checkPressure())).toBe(400);
  });

  it('GW-105: something is unsent, it is looked at each time', () => {
    const { clock, connection, session } = calm();
    connection.bufferedBytes = 1;
    clock.advance(250);
    expect(session.checkPressure()).toBe(0);
  });

  it('GW-105: it rested, and what is unsent then has been for no longer than since', () => {
    const { clock, connection, context, session } = calm();
    clock.advance(250);
    clock.advance(session.checkPressure());
    connection.bufferedBytes = 1;
    const thinned = Array.from({ length: 30 }, () => {
      session.checkPressure();
      clock.advance(250);
      return context.slowFeeds.size > 0;
    });
    expect(thinned.indexOf(true) * 250).toBe(5000);
  });

  it('GW-101: something of what it was written is due, its mark does not vouch for that', () => {
    const { arrive, connection, clock, session } = setUp();
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    arrive(alert({ message: 'x'.repeat(5 * KIB) }));
    const positionOf = (mark = '') => Number(mark.split('.')[0]);
    const before = positionOf(connection.pings.at(-1));
    connection.dueBytes = KIB;
    clock.advance(250);
    session.checkPressure();
    const written = connection.written.join('').length;
    expect([
      positionOf(connection.pings.at(-1)) > before,
      positionOf(connection.pings.at(-1)) < written - KIB / 2,
    ]).toEqual([true, true]);
  });

  it('GW-105, GW-107: a mark is due and none is left, it rests as ever and is marked at the next look that has one', () => {
    let left = 0;
    const { arrive, clock, connection, session } = setUp({ takeMark: () => left-- > 0 });
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    connection.pings.length = 0;
    clock.advance(2000);
    arrive(alert({ message: 'x'.repeat(5 * KIB) }));
    const restMs = session.checkPressure();
    const before = connection.pings.length;
    left = 1;
    session.checkPressure();
    expect([restMs, before, connection.pings.length]).toEqual([1000, 0, 1]);
  });

  /** An answering client of an engine with `behindNext`, whose mark has just become due, and what waits behind the next packet. */
  function markDue() {
    let left = 1;
    const rig = setUp({ takeMark: () => left-- > 0 });
    const { arrive, clock, connection, session } = rig;
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    let waiting = () => {};
    connection.behindNext = (task) => {
      waiting = task;
    };
    connection.pings.length = 0;
    clock.advance(2000);
    arrive(alert({ message: 'x'.repeat(5 * KIB) }));
    session.checkPressure();
    return { ...rig, runBehindNext: () => waiting() };
  }

  it('GW-107: a mark can go out with the next message, it does, and vouches for that one, too', () => {
    const { arrive, connection, runBehindNext } = markDue();
    const atLook = connection.pings.length;
    arrive(alert({ message: 'y'.repeat(KIB) }));
    runBehindNext();
    const written = connection.written.join('').length;
    const vouched = Number(connection.pings[0]?.split('.')[0]);
    expect([atLook, connection.pings.length, vouched >= written]).toEqual([0, 1, true]);
  });

  it('GW-107: no message came until the next look, the mark goes out then, once, and is the one that was taken', () => {
    const { clock, connection, runBehindNext, session } = markDue();
    clock.advance(250);
    session.checkPressure();
    const atNextLook = connection.pings.length;
    runBehindNext();
    expect([atNextLook, connection.pings.length]).toEqual([1, 1]);
  });
});
