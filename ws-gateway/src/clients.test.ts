import { parseApiKeys } from '@pulsewire/runtime';
import { CLOSE_CODES, LIMITS, STREAM_PATH } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import type { HandshakeRequest } from './handshake.js';
import { KEYS, setUp } from './testing/clients-rig.js';
import { settled } from './testing/deferred.js';

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
