import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { renderOutage } from './feed-words.js';
import type { LogPage } from './log-reader.js';
import { createPacket } from './packet.js';
import { createDeferred, settled } from './testing/deferred.js';
import { alert, arrival, idAt, metric } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

const STATUS = createPacket([Buffer.from('{"type":"status","data":{}}')]);
const OUTAGE = createPacket([renderOutage({ nowMs: 0, sinceMs: 0, lastMessageAtMs: null })]);

/** A client that has its first page, and whose last page comes when `finish` is called. */
async function catchUpHalfWay() {
  const last = createDeferred<LogPage>();
  const entries = Array.from({ length: 1000 }, (_, index) => ({
    id: idAt(1 + index),
    bytes: Buffer.from(JSON.stringify(metric())),
  }));
  let reads = 0;
  const readLog = async () => {
    reads += 1;
    return reads === 1 ? { entries, reachesBack: true } : last.promise;
  };
  const { context, connection, session } = setUp({ log: { readLog } });
  session.select(selectionOf({ topics: 'metrics,alerts' }), idAt(0));
  await settled();
  connection.written.length = 0;
  return {
    ...{ context, connection, session },
    async finish() {
      last.resolve({ entries: [], reachesBack: true });
      await settled();
    },
  };
}

describe('a session', () => {
  it('GW-40: hello, snapshot, then what is live', () => {
    const { connection, session, arrive } = setUp();
    arrive(metric());
    session.select(selectionOf(), null);
    arrive(alert());
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'system_metric', 'snapshot end', 'alert']);
  });

  it('GW-33: hello tells the limit that holds for this client', () => {
    const { connection, session } = setUp();
    session.select(selectionOf({ rate: 7 }), null);
    expect(JSON.parse(connection.written[0] ?? '').data).toMatchObject({
      client_id: 'c-1',
      version: '1.2.3',
      heartbeat_ms: 20_000,
      limits: { messages_per_second: 7, max_payload_bytes: 4096 },
      resumed: 'none',
      state: 'live',
    });
  });

  it('GW-40: hello tells the topics of the selection', () => {
    const { connection, session } = setUp();
    session.select(selectionOf({ topics: 'alerts,metrics' }), null);
    expect(new Set(JSON.parse(connection.written[0] ?? '').data.topics)).toEqual(
      new Set(['alerts', 'metrics']),
    );
  });

  it('GW-71: a new selection, the snapshot of the new one and only that from then on', () => {
    const { clock, connection, session, arrive } = setUp();
    session.select(selectionOf({ topics: 'metrics' }), null);
    connection.written.length = 0;
    session.select(selectionOf({ topics: 'alerts' }), null);
    clock.advance(250);
    arrive(metric());
    arrive(alert());
    expect(connection.types()).toEqual(['snapshot begin', 'snapshot end', 'alert']);
  });

  it('GW-71: many selections in a moment, only the newest is taken, after 250 ms', () => {
    const { clock, connection, session } = setUp();
    session.select(selectionOf(), null);
    connection.written.length = 0;
    for (const topics of ['metrics', 'alerts', 'events']) session.select(selectionOf({ topics }), null);
    const atOnce = connection.types();
    clock.advance(250);
    expect([atOnce, connection.types()]).toEqual([[], ['snapshot begin', 'snapshot end']]);
  });

  it('GW-71: ended while a selection waits, nothing is sent any more', () => {
    const { clock, connection, session } = setUp();
    session.select(selectionOf(), null);
    session.select(selectionOf({ topics: 'alerts' }), null);
    connection.written.length = 0;
    session.end();
    clock.advance(1000);
    expect([connection.types(), clock.scheduled]).toEqual([[], 0]);
  });

  it('GW-81: the bus is down, hello says degraded and the 503 packet follows', () => {
    const words = renderOutage({ nowMs: 0, sinceMs: 0, lastMessageAtMs: null });
    const { connection, session } = setUp({ outageWords: () => words });
    session.select(selectionOf(), idAt(0));
    expect(connection.types()).toEqual(['hello', 'error', 'snapshot begin', 'snapshot end']);
    expect(JSON.parse(connection.written[0] ?? '').data).toMatchObject({
      state: 'degraded',
      resumed: 'none',
    });
  });

  it('GW-45: resumed from the log, what was missed comes within the snapshot', async () => {
    const { bus, clock, connection, session, context } = setUp();
    bus.publish(CHANNELS.metrics, metric({ value: 1 }));
    clock.advance(10);
    bus.publish(CHANNELS.metrics, metric({ value: 2 }));
    session.select(selectionOf({ topics: 'metrics' }), `${clock.nowMs() - 10}-0`);
    await settled();
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'system_metric', 'snapshot end']);
    expect(JSON.parse(connection.written[0] ?? '').data.resumed).toBe('complete');
    expect(context.catchUps.size).toBe(0);
  });

  it('GW-45: resumed from memory, the log is not read', async () => {
    const log = { readLog: () => Promise.reject(new Error('not to be read')) };
    const { connection, session, context } = setUp({ log });
    const [had, missed] = [0, 1].map((second) => {
      const id = idAt(second);
      return arrival(metric({ value: second }), { id, seq: second });
    });
    context.recentLog.begin('system:events', '0-0');
    for (const each of [had, missed]) if (each !== undefined) context.recentLog.note(each);
    session.select(selectionOf(), idAt(0));
    await settled();
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'system_metric', 'snapshot end']);
    expect(JSON.parse(connection.written[0] ?? '').data.resumed).toBe('complete');
  });

  it('GW-81: resumed from memory while the bus is down, what was missed and the 503 packet', async () => {
    const words = renderOutage({ nowMs: 0, sinceMs: 0, lastMessageAtMs: null });
    const { connection, session, context } = setUp({ outageWords: () => words });
    for (const second of [0, 1])
      context.recentLog.note(arrival(metric({ value: second }), { id: idAt(second), seq: second }));
    session.select(selectionOf({ topics: 'metrics' }), idAt(0));
    await settled();
    expect(connection.types()).toEqual(['hello', 'error', 'snapshot begin', 'system_metric', 'snapshot end']);
  });

  it('GW-40: spoken to before hello, answered after it', async () => {
    const pages = createDeferred<LogPage>();
    const { connection, session } = setUp({ log: { readLog: () => pages.promise } });
    session.select(selectionOf(), idAt(0));
    session.say(Buffer.from('{"type":"pong","data":{}}'));
    session.announceRecovery(STATUS);
    expect(connection.written).toEqual([]);
    pages.resolve({ entries: [], reachesBack: true });
    await settled();
    expect(connection.types()).toEqual(['hello', 'pong', 'snapshot begin', 'snapshot end']);
  });

  it('GW-82: the bus is back while a client catches up, told behind what was recovered', async () => {
    const { context, connection, session, finish } = await catchUpHalfWay();
    for (const catchUp of context.catchUps) catchUp.offer(arrival(alert(), { id: idAt(5000) }));
    session.announceRecovery(STATUS);
    await finish();
    expect(connection.types()).toEqual(['snapshot end', 'alert', 'status']);
  });

  it('GW-82: down again before it has caught up, the end of the first outage is not told', async () => {
    const { connection, session, finish } = await catchUpHalfWay();
    session.announceRecovery(STATUS);
    session.announceOutage(OUTAGE);
    await finish();
    expect(connection.types()).toEqual(['error', 'snapshot end']);
  });

  it('GW-47: the log lost its beginning, the newest of the lost part precedes what is left', async () => {
    const left = { id: idAt(9), bytes: Buffer.from(JSON.stringify(metric({ value: 9 }))) };
    const log = { readLog: async () => ({ entries: [left], reachesBack: false }) };
    const { connection, session, context } = setUp({ log });
    const lost = metric({ metric_type: 'mem' });
    context.snapshot.note(arrival(metric({ metric_type: 'swap' }), { id: idAt(1) }));
    context.snapshot.note(arrival(lost, { id: idAt(5) }));
    context.snapshot.note(arrival(metric({ value: 9 }), { id: idAt(9) }));
    session.select(selectionOf({ topics: 'metrics' }), idAt(2));
    await settled();
    expect(connection.written.slice(2, -1)).toEqual([JSON.stringify(lost), String(left.bytes)]);
  });

  it('GW-47: a position later than all that is known, the newest of every series as for a new client', async () => {
    const log = { readLog: async () => ({ entries: [], reachesBack: false }) };
    const { connection, session, context } = setUp({ log });
    context.snapshot.note(arrival(alert(), { id: idAt(5) }));
    session.select(selectionOf(), idAt(99));
    await settled();
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'alert', 'snapshot end']);
  });

  it('GW-47: the log was lost after the newest message, which the client has, not again', async () => {
    const log = { readLog: async () => ({ entries: [], reachesBack: false }) };
    const { connection, session, context } = setUp({ log });
    context.snapshot.note(arrival(alert(), { id: idAt(5) }));
    session.select(selectionOf(), idAt(5));
    await settled();
    expect(connection.types()).toEqual(['hello', 'snapshot begin', 'snapshot end']);
  });

  it('GW-92: ended, it is in no lane', () => {
    const { session, lanes } = setUp();
    session.select(selectionOf(), null);
    session.end();
    expect(lanes.size()).toBe(0);
  });
});
