import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { renderOutage } from './feed-words.js';
import { createPacket } from './packet.js';
import { settled } from './testing/deferred.js';
import { alert, arrival, idAt, metric } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

const OUTAGE = renderOutage({ nowMs: 0, sinceMs: 0, lastMessageAtMs: null });

describe('a session of a gateway that has just started', () => {
  it('GW-44: the snapshot is being filled, hello waits for it', () => {
    let primed = false;
    const { connection, session } = setUp({ isPrimed: () => primed });
    session.select(selectionOf(), null);
    expect(connection.types()).toEqual([]);
    primed = true;
    session.refresh();
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'snapshot end']);
  });

  it('GW-111: the snapshot is being filled, who resumes from memory is served once all arrives and not again', async () => {
    const [asked, missed] = [arrival(metric(), { id: idAt(1) }), arrival(alert(), { id: idAt(2) })];
    const gateway = { live: false, primed: false };
    const { connection, session, context } = setUp({
      isLive: () => gateway.live,
      isPrimed: () => gateway.primed,
    });
    context.recentLog.begin(CHANNELS.metrics, idAt(0));
    for (const each of [asked, missed]) context.recentLog.note(each);
    session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(1));
    await settled();
    const early = connection.types();
    gateway.live = true;
    session.refresh();
    await settled();
    const served = connection.types();
    gateway.primed = true;
    session.refresh();
    await settled();
    expect([early, served, connection.types()]).toEqual([
      [],
      ['hello', 'snapshot begin', 'alert', 'snapshot end'],
      served,
    ]);
  });

  it('GW-111: the snapshot is being filled, who missed more than the memory has waits for it', async () => {
    let primed = false;
    const log = { readLog: async () => ({ entries: [], reachesBack: true }) };
    const { connection, session, context } = setUp({ log, isPrimed: () => primed });
    context.recentLog.begin(CHANNELS.metrics, idAt(5));
    context.recentLog.note(arrival(alert(), { id: idAt(6) }));
    session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(2));
    session.refresh();
    await settled();
    const before = connection.types();
    primed = true;
    session.refresh();
    await settled();
    expect([before, connection.types()[0]]).toEqual([[], 'hello']);
  });

  it('GW-45: greeted in an outage, what comes before the snapshot is known comes once, with what was missed', async () => {
    const gateway = { live: false, primed: false };
    const words: { outage: Buffer | null } = { outage: OUTAGE };
    const missed = { id: idAt(3), bytes: Buffer.from(JSON.stringify({ ...alert(), id: idAt(3) })) };
    const log = { readLog: async () => ({ entries: [missed], reachesBack: true }) };
    const { connection, session, lanes, context } = setUp({
      log,
      isLive: () => gateway.live,
      isPrimed: () => gateway.primed,
      outageWords: () => words.outage,
    });
    context.snapshot.note(arrival(alert(), { id: idAt(3), payload: missed.bytes }));
    session.select(selectionOf({ topics: 'alerts' }), idAt(2));
    words.outage = null;
    gateway.live = true;
    session.refresh();
    lanes.offer(arrival(alert(), { id: idAt(3), payload: missed.bytes }));
    lanes.flush();
    gateway.primed = true;
    session.refresh();
    await settled();
    expect(connection.written.filter((text) => text === String(missed.bytes))).toHaveLength(1);
  });

  it('GW-80: the outage is told again, the snapshot that there is is not', async () => {
    const { connection, session } = setUp({
      isPrimed: () => false,
      isLive: () => false,
      outageWords: () => OUTAGE,
    });
    session.select(selectionOf(), idAt(2));
    session.announceOutage(createPacket([OUTAGE]));
    expect(connection.types()).toEqual(['hello', 'error', 'snapshot begin', 'snapshot end', 'error']);
  });

  it('GW-82: what was missed is still to come, the recovery is told behind it', async () => {
    let primed = false;
    const words: { outage: Buffer | null } = { outage: OUTAGE };
    const missed = { id: idAt(3), bytes: Buffer.from(JSON.stringify(alert())) };
    const log = { readLog: async () => ({ entries: [missed], reachesBack: true }) };
    const { connection, session } = setUp({ log, isPrimed: () => primed, outageWords: () => words.outage });
    session.select(selectionOf({ topics: 'alerts' }), idAt(2));
    words.outage = null;
    session.announceRecovery(createPacket([Buffer.from('{"type":"status","data":{}}')]));
    const before = connection.types().length;
    primed = true;
    session.refresh();
    await settled();
    expect(connection.types().slice(before)).toEqual(['snapshot begin', 'alert', 'snapshot end', 'status']);
  });

  it('GW-47: what is in memory before it is live is not taken for all', async () => {
    const { connection, session, context } = setUp({
      isLive: () => false,
      isPrimed: () => false,
      outageWords: () => OUTAGE,
    });
    context.recentLog.begin(CHANNELS.metrics, idAt(0));
    context.recentLog.note(arrival(alert(), { id: idAt(1) }));
    session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(1));
    await settled();
    const hello = JSON.parse(connection.written[0] ?? '{}');
    expect([hello.type, hello.data.resumed]).toEqual(['hello', 'none']);
  });

  it('GW-80: greeted, it waits for another selection and the bus goes down, it gets the snapshot that there is', async () => {
    let outage: Buffer | null = null;
    const { clock, connection, session, context } = setUp({
      isPrimed: () => false,
      outageWords: () => outage,
    });
    context.recentLog.begin(CHANNELS.metrics, idAt(0));
    context.recentLog.note(arrival(alert(), { id: idAt(1) }));
    session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(1));
    await settled();
    session.select(selectionOf({ topics: 'alerts' }), null);
    clock.advance(250);
    outage = OUTAGE;
    session.announceOutage(createPacket([OUTAGE]));
    expect(connection.types().slice(3)).toEqual(['error', 'snapshot begin', 'snapshot end']);
  });

  it('GW-111: resumed early, another selection waits for the snapshot', async () => {
    let primed = false;
    const { clock, connection, session, context } = setUp({ isPrimed: () => primed });
    context.recentLog.begin(CHANNELS.metrics, idAt(0));
    context.recentLog.note(arrival(alert(), { id: idAt(1) }));
    session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(1));
    await settled();
    session.select(selectionOf({ topics: 'alerts' }), null);
    clock.advance(250);
    const before = connection.types();
    primed = true;
    session.refresh();
    expect([before, connection.types().slice(3)]).toEqual([
      ['hello', 'snapshot begin', 'snapshot end'],
      ['snapshot begin', 'snapshot end'],
    ]);
  });

  it('GW-44: the snapshot is being filled and the bus goes down, hello with the 503 packet', () => {
    let outage: Buffer | null = null;
    const { connection, session } = setUp({ isPrimed: () => false, outageWords: () => outage });
    session.select(selectionOf(), null);
    outage = OUTAGE;
    session.announceOutage(createPacket([OUTAGE]));
    expect(connection.types().slice(0, 2)).toEqual(['hello', 'error']);
  });

  it('GW-45: resumed in an outage at a gateway that knows nothing yet, what was missed comes afterwards', async () => {
    let primed = false;
    const missed = { id: idAt(3), bytes: Buffer.from(JSON.stringify(alert())) };
    const log = { readLog: async () => ({ entries: [missed], reachesBack: true }) };
    const words: { outage: Buffer | null } = { outage: OUTAGE };
    const { connection, session } = setUp({
      log,
      isPrimed: () => primed,
      outageWords: () => words.outage,
    });
    session.select(selectionOf({ topics: 'alerts' }), idAt(2));
    words.outage = null;
    primed = true;
    session.refresh();
    await settled();
    expect(connection.written.filter((text) => text === String(missed.bytes))).toHaveLength(1);
  });
});
