import { describe, expect, it } from 'vitest';
import { alert, metric } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

/** A client that has not answered yet. */
function closed() {
  const rig = setUp();
  rig.session.select(selectionOf(), null);
  return {
    ...rig,
    pass(ms: number) {
      rig.clock.advance(ms);
      rig.session.checkPressure();
    },
  };
}

/** Two of them are more than a probe. */
function large(value: number) {
  const meta = { unit: 'percent', host: 'web-1', pad: 'x'.repeat(3000) };
  return metric({ value }, meta);
}

function valuesOf(written: readonly string[]): unknown[] {
  return written.map((text) => JSON.parse(text).data.value).filter((value) => Number.isInteger(value));
}

describe('a session whose client has not answered, or next to nothing', () => {
  it('GW-101: hello, then a ping, then the snapshot', () => {
    const { connection, session } = setUp();
    const ping = connection.ping;
    connection.ping = (payload) => {
      connection.written.push(JSON.stringify({ type: 'ping', data: {} }));
      ping(payload);
    };
    session.select(selectionOf(), null);
    expect(connection.types()).toEqual(['hello', 'ping', 'snapshot begin', 'snapshot end']);
  });

  it('GW-101: written 4 KiB as a new member of a lane, marked at the next look', () => {
    const { connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    for (let index = 0; index < 2; index += 1) {
      arrive(alert({ message: 'x'.repeat(2200) }));
      session.checkPressure();
    }
    expect([connection.pings.length, session.unsentBytes() > 4 * 1024]).toEqual([2, true]);
  });

  it('GW-101: no answer, what it was written is unsent for 5 s, and then no more', () => {
    const { clock, connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    arrive(alert({ message: 'x'.repeat(400_000) }));
    clock.advance(5000 - 1);
    const before = session.unsentBytes();
    clock.advance(1);
    session.checkPressure();
    expect([connection.pings.length, before > 400_000, session.unsentBytes()]).toEqual([1, true, 0]);
  });

  it('GW-103: no answer yet, samples wait and alerts do not; with the answer all samples go out', () => {
    const { connection, lanes, session, arrive } = setUp();
    session.select(selectionOf(), null);
    connection.written.length = 0;
    for (const message of [metric({ value: 1 }), alert(), metric({ value: 2 })]) arrive(message);
    const before = connection.types();
    session.heard(connection.pings[0] ?? '');
    arrive(metric({ value: 3 }));
    expect([before, valuesOf(connection.written.slice(1)), lanes.size()]).toEqual([['alert'], [1, 2, 3], 1]);
  });

  it('GW-103: no answer in a quarter of a second, 4 KiB of newest values, and a mark behind them', () => {
    const { connection, pass, arrive } = closed();
    for (let index = 0; index < 100; index += 1) arrive(metric({ metric_type: `m-${index}` }));
    const pings = connection.pings.length;
    connection.written.length = 0;
    pass(110);
    pass(110);
    const bytes = connection.written.join('').length;
    pass(1000);
    arrive(metric());
    expect([bytes > 4096, bytes < 4600, connection.pings.length - pings]).toEqual([true, true, 1]);
    expect(connection.written.join('').length).toBe(bytes);
  });

  it('GW-103: quick, but a long way off, it gets all with its second answer', () => {
    const { connection, context, pass, session, arrive } = closed();
    pass(110);
    pass(110);
    connection.written.length = 0;
    arrive(metric({ value: 1 }));
    // 300 ms there and back.
    for (const [index, ms] of [80, 220].entries()) {
      pass(ms);
      session.heard(connection.pings[index] ?? '');
    }
    session.checkPressure();
    arrive(metric({ value: 2 }));
    expect([valuesOf(connection.written), context.slowFeeds.size]).toEqual([[1, 2], 0]);
  });

  it('GW-103: far away, several samples of one series, it gets each of them and nothing was skipped', () => {
    const { connection, context, pass, session, arrive } = closed();
    for (const value of [1, 2, 3]) arrive(large(value));
    pass(110);
    pass(110);
    const probe = valuesOf(connection.written);
    arrive(large(4));
    for (const payload of connection.pings.slice(0, 2)) session.heard(payload);
    pass(250);
    expect([probe, valuesOf(connection.written), context.slowFeeds.size]).toEqual([[1, 2], [1, 2, 3, 4], 0]);
  });

  it('GW-103: probed and slow, of what was kept only the newest goes out', () => {
    const { connection, pass, session, arrive } = closed();
    for (const value of [1, 2, 3, 4]) arrive(large(value));
    pass(110);
    pass(110);
    session.heard(connection.pings[0] ?? '');
    for (let ms = 0; ms < 3000; ms += 250) pass(250);
    session.heard(connection.pings[1] ?? '');
    pass(250);
    expect(valuesOf(connection.written)).toEqual([1, 2, 4]);
  });

  it('GW-103: not known to be slow, it is not among those that are thinned', () => {
    const { context, pass, arrive } = closed();
    for (const value of [1, 2, 3]) arrive(metric({ value }));
    pass(110);
    pass(110);
    expect([...context.slowFeeds].map((feed) => feed.thins())).toEqual([false]);
  });

  it('GW-60: kept until the first answer, it counts in the lane that begins with the client', () => {
    const { connection, session, arrive } = setUp();
    session.select(selectionOf({ rate: 2 }), null);
    for (const value of [1, 2]) arrive(metric({ value }));
    session.heard(connection.pings[0] ?? '');
    for (const value of [3, 4]) arrive(metric({ value }));
    expect(valuesOf(connection.written)).toEqual([1, 2]);
  });

  it('GW-103: it answers no ping, after 5 s it gets all', () => {
    const { connection, context, pass, arrive } = closed();
    for (let ms = 0; ms < 5000; ms += 250) pass(250);
    arrive(metric({ value: 1 }));
    expect([valuesOf(connection.written), context.slowFeeds.size]).toEqual([[1], 0]);
  });

  it('GW-103: another selection before the first answer, that is waited for as well', () => {
    const { connection, context, pass, session, arrive } = closed();
    session.select(selectionOf({ topics: 'metrics' }), null);
    pass(0);
    arrive(metric({ value: 1 }));
    session.heard(connection.pings[0] ?? '');
    expect([valuesOf(connection.written).at(-1), context.slowFeeds.size]).toEqual([1, 0]);
  });

  it('GW-103: gone before it answered, nothing is kept for it', () => {
    const { context, lanes, session } = closed();
    session.end();
    expect([context.slowFeeds.size, lanes.size()]).toEqual([0, 0]);
  });
});
