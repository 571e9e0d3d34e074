import {
  createManualClock,
  createMemoryBus,
  createMetrics,
  parseApiKeys,
  silentLogger,
} from '@pulsewire/runtime';
import { CLOSE_CODES, LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { createClients } from './clients.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import type { Admission, HandshakeRequest } from './handshake.js';
import { createLanes } from './lanes.js';
import { createRecentLog } from './recent-log.js';
import { readSelection } from './selection.js';
import { createSnapshot } from './snapshot.js';
import { settled } from './testing/deferred.js';
import { createFakeConnection, createFakePacer } from './testing/fakes.js';
import { alert, arrival } from './testing/messages.js';
import { createTurns } from './turns.js';

const KEYS = ['one', 'two', 'three'].map((name) => ({ name, key: `${name}-key-0123456789` }));

function setUp(maxClients = 100, whenIdle = (task: () => void) => task()) {
  const clock = createManualClock();
  const zero = () => 0;
  const unsentBytes = () => ({ sum: 0, largest: 0 });
  const sizes = { snapshotEntries: zero, snapshotBytes: zero, slowClients: zero, unsentBytes };
  const recent = { recentMessages: zero, recentBytes: zero };
  const gauges = { clients: zero, lanes: zero, ...sizes, ...recent };
  const metrics = createGatewayMetrics(createMetrics({ process: 'test', runtimeMetrics: false }), gauges);
  const lanes = createLanes({
    messagesPerSecond: 200,
    clock,
    createPacer: createFakePacer().create,
    defer() {},
    onSent() {},
    onWritten() {},
    onThinned() {},
  });
  const clients = createClients({
    keys: parseApiKeys(KEYS.map(({ name, key }) => `${name}:${key}`).join(',')),
    allowedOrigins: [],
    trustedProxies: [],
    maxClients,
    clock,
    logger: silentLogger,
    metrics,
    whenIdle,
    context: {
      ...{ clock, lanes, log: createMemoryBus({ clock }), snapshot: createSnapshot() },
      ...{
        catchUps: new Set(),
        slowFeeds: new Set(),
        turns: createTurns((task) => task()),
        version: '0',
        messagesPerSecond: 200,
      },
      recentLog: createRecentLog(clock),
      isPrimed: () => true,
      lastSeq: zero,
      outageWords: () => null,
      onSent() {},
      onThinned() {},
    },
  });
  function join() {
    const connection = createFakeConnection();
    return { connection, handler: clients.open(connection, admission()) };
  }
  let seq = 0;
  function write(bytes: number) {
    seq += 1;
    lanes.offer(arrival(alert({ message: 'x'.repeat(bytes) }), { seq }));
    lanes.flush();
  }
  return { clock, clients, lanes, join, write };
}

function admission(): Admission {
  const result = readSelection({});
  if (!result.ok) throw new Error('bad selection');
  return { keyName: 'one', selection: result.selection, after: null, protocol: null };
}

function request(key: string): HandshakeRequest {
  const headers: Record<string, string> = {
    'x-api-key': key,
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  };
  const header = (name: string) => headers[name];
  return { method: 'GET', target: STREAM_PATH, remoteAddress: '192.0.2.1', isUpgrade: true, header };
}

describe('clients', () => {
  it('GW-22: each of several keys is found, and named', () => {
    const { clients } = setUp();
    const names = KEYS.map(({ key }) => {
      const decision = clients.decide(request(key));
      return decision.accept && decision.admission.keyName;
    });
    expect(names).toEqual(['one', 'two', 'three']);
  });

  it('GW-25: a key is gone, its clients are closed with 4401 and it lets nobody in', () => {
    const { clients, join } = setUp();
    const { connection } = join();
    clients.replaceKeys(parseApiKeys('two:two-key-0123456789'));
    const accepted = ['one', 'two'].map((name) => clients.decide(request(`${name}-key-0123456789`)).accept);
    expect([connection.closedWith, accepted]).toEqual([4401, [false, true]]);
  });

  it('GW-25: a key has other topics, its clients are closed with 1012; the same, they stay', () => {
    const { clients, join } = setUp();
    const { connection } = join();
    clients.replaceKeys(parseApiKeys('one:one-key-0123456789'));
    const before = connection.closedWith;
    clients.replaceKeys(parseApiKeys('one:one-key-0123456789:topics=alerts'));
    expect([before, connection.closedWith]).toEqual([null, CLOSE_CODES.serviceRestart]);
  });

  it('GW-9: a client that has begun to close has given its place away', () => {
    const { clients, join } = setUp(1);
    const { connection } = join();
    const before = clients.decide(request('one-key-0123456789')).accept;
    connection.closedWith = CLOSE_CODES.goingAway;
    expect([before, clients.decide(request('one-key-0123456789')).accept]).toEqual([false, true]);
  });

  it('GW-90: every 20 s a ping; with pongs the client stays', () => {
    const { clock, join } = setUp();
    const { connection, handler } = join();
    handler.onPong(connection.pings.at(-1) ?? '');
    connection.pings.length = 0;
    for (let beat = 0; beat < 5; beat += 1) {
      clock.advance(LIMITS.heartbeatMs);
      handler.onPong(connection.pings.at(-1) ?? '');
    }
    expect([connection.pings.length, connection.terminated]).toEqual([5, false]);
  });

  it('GW-90: a hundred clients at once, at most four of them pinged at a look', () => {
    const { clock, join } = setUp(100);
    const connections = Array.from({ length: 100 }, () => join().connection);
    clock.advance(250);
    for (const connection of connections) connection.pings.length = 0;
    const looks = Array.from({ length: LIMITS.heartbeatMs / 250 }, () => {
      clock.advance(250);
      return connections.reduce((sum, { pings }) => sum + pings.splice(0).length, 0);
    });
    expect([Math.max(...looks) <= 4, looks.reduce((sum, each) => sum + each, 0)]).toEqual([true, 100]);
  });

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

  it('GW-90: a pong not more than 10 s before, pinged 10 s later', () => {
    const { clock, join } = setUp();
    const { connection, handler } = join();
    handler.onPong(connection.pings.at(-1) ?? '');
    clock.advance(LIMITS.heartbeatMs / 2);
    connection.pings.length = 0;
    handler.onPong('unasked');
    clock.advance(LIMITS.heartbeatMs / 2);
    const before = connection.pings.length;
    clock.advance(LIMITS.heartbeatMs / 2);
    expect([before, connection.pings.length]).toEqual([0, 1]);
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

  it('GW-105: a round is under way, looked at behind it', () => {
    const tasks: (() => void)[] = [];
    const { clock, join } = setUp(1, (task) => tasks.push(task));
    const { connection } = join();
    clock.advance(1000);
    connection.bufferedBytes = 2 * 1024 * 1024;
    clock.advance(250);
    const before = connection.closedWith;
    for (const task of tasks) task();
    expect([before, connection.closedWith]).toEqual([null, CLOSE_CODES.tooSlow]);
  });

  it('GW-105: a round does not end, looked at the next time all the same', () => {
    const { clock, join } = setUp(1, () => {});
    const { connection } = join();
    clock.advance(1000);
    connection.bufferedBytes = 2 * 1024 * 1024;
    const closedWith = [250, 250].map((ms) => {
      clock.advance(ms);
      return connection.closedWith;
    });
    expect(closedWith).toEqual([null, CLOSE_CODES.tooSlow]);
  });

  it('GW-90: two pings without a pong, terminated at the next', () => {
    const { clock, join } = setUp();
    const { connection } = join();
    clock.advance(2 * LIMITS.heartbeatMs);
    const after2 = connection.terminated;
    clock.advance(LIMITS.heartbeatMs);
    expect([after2, connection.terminated]).toEqual([false, true]);
  });

  it('GW-90: pings stand behind what is unsent, not terminated for them', () => {
    const { clock, join } = setUp();
    const { connection } = join();
    clock.advance(40_000);
    connection.bufferedBytes = 1;
    clock.advance(20_000);
    expect(connection.terminated).toBe(false);
  });

  it('GW-93: stopping, it says since when', async () => {
    const { clock, clients, join } = setUp();
    join();
    const before = clients.stoppingSinceMs;
    void clients.stop();
    expect([before, clients.stoppingSinceMs]).toEqual([null, clock.nowMs()]);
  });

  it('GW-92: stopped, every client is told 1012, and nothing is left when they have gone', async () => {
    const { clock, clients, lanes, join } = setUp();
    const joined = [join(), join()];
    const stopped = clients.stop();
    clock.advance(40);
    for (const { handler } of joined) handler.onClose(CLOSE_CODES.serviceRestart);
    await stopped;
    expect(joined.map(({ connection }) => connection.closedWith)).toEqual([
      CLOSE_CODES.serviceRestart,
      CLOSE_CODES.serviceRestart,
    ]);
    expect([clients.count, lanes.size(), clock.scheduled]).toEqual([0, 0, 0]);
  });

  it('GW-92: stopping, one client after the other is told', () => {
    const { clock, clients, join } = setUp();
    const joined = [join(), join(), join()];
    void clients.stop();
    const told = [0, 20, 20, 20].map((ms) => {
      clock.advance(ms);
      return joined.filter(({ connection }) => connection.closedWith !== null).length;
    });
    expect(told).toEqual([0, 1, 2, 3]);
  });

  it('GW-92: a client that does not answer, cut off after 2 s', async () => {
    const { clock, clients, join } = setUp();
    const { connection, handler } = join();
    const stopped = clients.stop();
    await settled();
    clock.advance(2020);
    handler.onClose(1006);
    await stopped;
    expect(connection.terminated).toBe(true);
  });
});
