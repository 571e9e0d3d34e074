import { describe, expect, it } from 'vitest';
import type { LogPage } from './log-reader.js';
import { createDeferred, settled } from './testing/deferred.js';
import { alert, arrival, idAt, metric } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

/** By then, who has answered no ping is one that does not answer any. */
const NO_ANSWER_MS = 5000;

/** A client that resumes over two pages and has a whole page unsent after the first. */
async function catchUpBehind(unsentBytes: number) {
  const entries = Array.from({ length: 1000 }, (_, index) => ({
    id: idAt(1 + index),
    bytes: Buffer.from(JSON.stringify(metric())),
  }));
  let reads = 0;
  const log = {
    async readLog() {
      reads += 1;
      return { entries: reads === 1 ? entries : [], reachesBack: true };
    },
  };
  const { clock, connection, session } = setUp({ log });
  session.select(selectionOf({ topics: 'metrics' }), idAt(0));
  connection.bufferedBytes = unsentBytes;
  await settled();
  clock.advance(NO_ANSWER_MS);
  async function pass(ms: number) {
    clock.advance(ms);
    await settled();
  }
  return { connection, pass, reads: () => reads, session };
}

describe('a session whose client reads slowly', () => {
  it('GW-91: more than 1 MiB unsent, closed with 1013', () => {
    const { connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    connection.bufferedBytes = 1024 * 1024 + 10_000;
    arrive(alert());
    expect(connection.closedWith).toBe(1013);
  });

  it('GW-49: 256 KiB unsent, the next page is not read before they have left', async () => {
    const { connection, pass, reads } = await catchUpBehind(256 * 1024 + 1);
    await pass(10_000);
    expect(reads()).toBe(1);
    connection.bufferedBytes = 256 * 1024;
    await pass(25);
    expect([reads(), connection.types().at(-1)]).toEqual([2, 'snapshot end']);
  });

  it('GW-49: 30 s behind one page without progress, closed with 1013 and read no further', async () => {
    const { connection, pass, reads, session } = await catchUpBehind(256 * 1024 + 1);
    // Between two looks 500 ms count at most: so many have passed at the first.
    session.checkPressure();
    for (let look = 0; look < 117; look += 1) {
      await pass(250);
      session.checkPressure();
    }
    expect(connection.closedWith).toBe(null);
    await pass(250);
    session.checkPressure();
    await pass(25);
    expect([reads(), connection.closedWith]).toEqual([1, 1013]);
  });

  it('GW-49: more than 8 MiB arrive while it catches up, closed with 1013', () => {
    const { connection, session, context } = setUp({
      log: { readLog: () => createDeferred<LogPage>().promise },
    });
    session.select(selectionOf(), idAt(0));
    for (const catchUp of context.catchUps)
      catchUp.offer({ ...arrival(metric()), payload: Buffer.alloc(8 * 1024 * 1024 + 1) });
    expect(connection.closedWith).toBe(1013);
  });

  it('GW-96: more than 256 KiB unsent, samples wait and alerts do not', () => {
    const { connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    connection.bufferedBytes = 300 * 1024;
    session.checkPressure();
    connection.written.length = 0;
    for (const message of [metric({ value: 1 }), alert(), metric({ value: 2 })]) arrive(message);
    expect(connection.types()).toEqual(['alert']);
  });

  it('GW-96: it reads again, what waits goes out and it is a member of the lane as before', () => {
    const { clock, connection, session, lanes, context, arrive } = setUp();
    session.select(selectionOf(), null);
    clock.advance(NO_ANSWER_MS);
    connection.bufferedBytes = 300 * 1024;
    session.checkPressure();
    arrive(metric({ value: 1 }));
    connection.bufferedBytes = 0;
    for (let look = 0; look < 3; look += 1) {
      clock.advance(250);
      session.checkPressure();
    }
    arrive(metric({ value: 2 }));
    const values = connection.written.map((text) => JSON.parse(text).data.value).filter(Boolean);
    expect([values, lanes.size(), context.slowFeeds.size]).toEqual([[1, 2], 1, 0]);
  });

  it('GW-96: thinned while the lane holds samples back, those are not lost', () => {
    const { clock, connection, session, arrive } = setUp();
    session.select(selectionOf({ rate: 1 }), null);
    clock.advance(NO_ANSWER_MS);
    arrive(metric({ value: 1 }));
    arrive(metric({ value: 2 }));
    connection.bufferedBytes = 300 * 1024;
    session.checkPressure();
    connection.bufferedBytes = 0;
    clock.advance(2000);
    session.checkPressure();
    expect(JSON.parse(connection.written.at(-1) ?? '').data.value).toBe(2);
  });

  it('GW-96: closed while thinned, nothing is kept for it', () => {
    const { connection, session, lanes, context } = setUp();
    session.select(selectionOf(), null);
    connection.bufferedBytes = 300 * 1024;
    session.checkPressure();
    session.end();
    expect([lanes.size(), context.slowFeeds.size]).toEqual([0, 0]);
  });

  it('GW-91: nothing taken for 30 s, closed with 1013', () => {
    const { clock, connection, session } = setUp();
    session.select(selectionOf(), null);
    clock.advance(NO_ANSWER_MS);
    connection.bufferedBytes = 1;
    for (let step = 0; step < 121; step += 1) {
      session.checkPressure();
      clock.advance(250);
    }
    expect(connection.closedWith).toBe(1013);
  });

  it('GW-101: a large snapshot, a mark within every 64 KiB and one message', () => {
    const { connection, session, arrive } = setUp();
    for (let index = 0; index < 10; index += 1)
      arrive(alert({ alert_id: `a-${index}`, message: 'x'.repeat(40_000) }));
    session.select(selectionOf(), null);
    expect(connection.pings.length).toBe(1 + 5);
  });

  it('GW-96: more than 256 KiB unanswered, samples wait though the kernel took all', () => {
    const { clock, connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    arrive(alert({ message: 'x'.repeat(300_000) }));
    for (let look = 0; look < 3; look += 1) {
      session.checkPressure();
      clock.advance(250);
    }
    connection.written.length = 0;
    arrive(metric());
    expect([connection.bufferedBytes, connection.types()]).toEqual([0, []]);
  });

  it('GW-102: thinned with alerts all the time, samples go out between them', () => {
    const { clock, connection, session, arrive } = setUp();
    session.select(selectionOf(), null);
    const answers: string[] = [];
    // Every answer comes two looks later, so that one is always under way.
    const look = () => {
      session.heard(answers.shift() ?? '');
      session.checkPressure();
      clock.advance(250);
      answers.push(connection.pings.at(-1) ?? '');
    };
    for (let index = 0; index < 20; index += 1) {
      arrive(alert({ message: 'x'.repeat(index === 4 ? 400_000 : 20_000) }));
      arrive(metric({ value: index }));
      look();
    }
    const values = connection.written.map((text) => JSON.parse(text).data.value).filter(Number.isInteger);
    expect(values.at(-1)).toBeGreaterThan(15);
  });

  it('GW-96: what it reads gets older and older, thinned long before 256 KiB are unsent', () => {
    const { clock, connection, context, session, arrive } = setUp();
    session.select(selectionOf(), null);
    session.heard(connection.pings.at(-1) ?? '');
    let unsentBytes = 0;
    for (let look = 0; look < 40 && context.slowFeeds.size === 0; look += 1) {
      arrive(alert({ message: 'x'.repeat(10_000) }));
      clock.advance(250);
      session.checkPressure();
      // Half as many marks come back as are sent.
      if (look % 4 === 3) session.heard(connection.pings[Math.floor(connection.pings.length / 2)] ?? '');
      unsentBytes = session.unsentBytes();
    }
    expect([context.slowFeeds.size, unsentBytes < 200 * 1024]).toEqual([1, true]);
  });

  it('GW-71: more than 256 KiB unsent, a selection is not taken before they were read', () => {
    const { clock, connection, session } = setUp();
    session.select(selectionOf(), null);
    connection.bufferedBytes = 256 * 1024 + 1;
    session.select(selectionOf({ topics: 'alerts' }), null);
    clock.advance(10_000);
    const before = connection.types();
    connection.bufferedBytes = 256 * 1024;
    clock.advance(25);
    expect([before.length, connection.types().slice(before.length)]).toEqual([
      3,
      ['snapshot begin', 'snapshot end'],
    ]);
  });

  it('GW-71: catching up, a selection comes instead of what was missed for the one before', async () => {
    const { connection, pass, reads, session } = await catchUpBehind(256 * 1024 + 1);
    session.select(selectionOf({ topics: 'alerts' }), null);
    await pass(300);
    connection.bufferedBytes = 0;
    await pass(25);
    expect([reads(), connection.types().slice(-2)]).toEqual([1, ['snapshot begin', 'snapshot end']]);
  });

  it('GW-65: thinned as soon as it joined a lane that holds samples back, it gets none that its snapshot had', () => {
    const { clock, connection, session, arrive, another } = setUp();
    another().select(selectionOf({ rate: 1 }), null);
    for (const value of [1, 2, 3]) arrive(metric({ value }));
    session.select(selectionOf({ rate: 1 }), null);
    connection.bufferedBytes = 300 * 1024;
    session.checkPressure();
    connection.bufferedBytes = 0;
    clock.advance(2000);
    session.checkPressure();
    const values = connection.written.map((text) => JSON.parse(text).data.value).filter(Boolean);
    expect(values).toEqual([3]);
  });

  it('GW-102: thinned and read after a while, some is released and it stays thinned until it is quick', () => {
    const { clock, connection, context, session, arrive } = setUp();
    session.select(selectionOf(), null);
    const look = () => {
      session.checkPressure();
      return context.slowFeeds.size;
    };
    const answerAfter = (ms: number) => {
      clock.advance(ms);
      session.heard(connection.pings.at(-1) ?? '');
    };
    answerAfter(10);
    arrive(alert({ message: 'x'.repeat(300_000) }));
    const thinned = [look()];
    for (let behind = 0; behind < 2; behind += 1) {
      clock.advance(250);
      thinned.push(look());
    }
    arrive(metric());
    connection.written.length = 0;
    answerAfter(5000);
    thinned.push(look());
    const released = connection.types();
    for (let quick = 0; quick < 3; quick += 1) {
      answerAfter(100);
      thinned.push(look());
    }
    expect([thinned, released]).toEqual([[0, 0, 1, 1, 1, 1, 1], ['system_metric']]);
    answerAfter(100);
    expect(look()).toBe(0);
  });
});
