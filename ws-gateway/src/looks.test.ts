import { CLOSE_CODES } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { setUp } from './testing/clients-rig.js';

describe('looks at clients', () => {
  it('GW-105: a client that may rest, looked at when its rest is over', () => {
    const { clock, join } = setUp();
    const { connection } = join();
    clock.advance(10_250);
    connection.bufferedBytes = 2 * 1024 * 1024;
    const closed = Array.from({ length: 4 }, () => {
      clock.advance(250);
      return connection.closedWith;
    });
    expect(closed).toEqual([null, null, null, CLOSE_CODES.tooSlow]);
  });

  it('GW-107: more marks due than may be placed at a look, the next look is for the others', () => {
    const { clock, join, write } = setUp(300);
    const joined = Array.from({ length: 300 }, () => join());
    function pass() {
      for (const { connection, handler } of joined) handler.onPong(connection.pings.at(-1) ?? '');
      write(5 * 1024);
      clock.advance(250);
      return joined.map(({ connection }) => connection.pings.length);
    }
    const before = pass();
    const marked = Array.from({ length: 3 }, pass).map((each) =>
      each.map((pings, index) => pings - (before[index] ?? 0)),
    );
    const counts = marked.map((each) => each.reduce((sum, pings) => sum + pings, 0));
    expect([counts, Math.min(...(marked[2] ?? []))]).toEqual([[200, 400, 600], 2]);
  });

  it('GW-105, GW-107: who got no mark rests, and comes first at the next look', () => {
    const { clock, join, write } = setUp(300);
    const joined = Array.from({ length: 300 }, () => join());
    for (const { connection, handler } of joined) handler.onPong(connection.pings.at(-1) ?? '');
    clock.advance(500);
    const before = joined.map(({ connection }) => connection.pings.length);
    write(16 * 1024);
    const marked = Array.from({ length: 2 }, () => {
      clock.advance(250);
      return joined.filter(({ connection }, index) => connection.pings.length > (before[index] ?? 0)).length;
    });
    expect(marked).toEqual([200, 300]);
  });

  it('GW-101: what is due to a client has not been written yet, no mark for it', () => {
    const { clock, join, write } = setUp();
    const { connection, handler } = join();
    handler.onPong(connection.pings.at(-1) ?? '');
    const before = connection.pings.length;
    connection.dueBytes = 20 * 1024;
    write(20 * 1024);
    clock.advance(250);
    const during = connection.pings.length;
    connection.dueBytes = 0;
    clock.advance(1000);
    expect([during - before, connection.pings.length - before]).toEqual([0, 1]);
  });

  it('GW-105: much comes while clients rest, looked at at once', () => {
    const { clock, join, write } = setUp();
    const { connection } = join();
    clock.advance(10_250);
    connection.bufferedBytes = 2 * 1024 * 1024 - 1024;
    clock.advance(250);
    const before = connection.closedWith;
    connection.bufferedBytes = 0;
    write(16 * 1024);
    connection.bufferedBytes = 2 * 1024 * 1024;
    clock.advance(250);
    expect([before, connection.closedWith]).toEqual([null, CLOSE_CODES.tooSlow]);
  });

  /** A client that is to be cut off at the next look, and rounds that begin now and end when told. */
  function inRound() {
    const tasks: (() => void)[] = [];
    let isWriting = false;
    const { clock, join } = setUp(1, (task) => (isWriting ? tasks.push(task) : task()));
    const { connection } = join();
    clock.advance(1000);
    isWriting = true;
    connection.bufferedBytes = 2 * 1024 * 1024;
    return { clock, connection, endRound: () => tasks.at(-1)?.() };
  }

  it('GW-105: a round is under way, looked at behind it', () => {
    const { clock, connection, endRound } = inRound();
    clock.advance(250);
    const before = connection.closedWith;
    endRound();
    expect([before, connection.closedWith]).toEqual([null, CLOSE_CODES.tooSlow]);
  });

  it('GW-105: a round does not end, looked at the next time all the same', () => {
    const { clock, connection } = inRound();
    const closedWith = [250, 250].map((ms) => {
      clock.advance(ms);
      return connection.closedWith;
    });
    expect(closedWith).toEqual([null, CLOSE_CODES.tooSlow]);
  });

  it('GW-105: rounds do not end, still looked at four times a second', () => {
    const { clock, join } = setUp(1, () => {});
    const { connection } = join();
    clock.advance(1000);
    let looks = 0;
    Object.defineProperty(connection, 'bufferedBytes', {
      get() {
        looks += 1;
        return 1;
      },
    });
    const counts = Array.from({ length: 4 }, () => {
      looks = 0;
      clock.advance(250);
      return looks > 0;
    });
    expect(counts).toEqual([true, true, true, true]);
  });
});
