import { describe, expect, it } from 'vitest';
import { BACK, createStand, liveStand, OUTAGE, START_MS, type Stand, sample } from './stand.test-support.js';
import type { LatencyReport } from './types.js';

const pings = (socket: { sent: { type: string }[] }) =>
  socket.sent.filter(({ type }) => type === 'ping').length;

describe('selection', () => {
  it('SC-55: select when live, sends subscribe at once', () => {
    const { stand, socket } = liveStand();
    stand.manager.select({ topics: ['alerts'], hosts: ['a'] });
    expect(socket.sent.at(-1)).toEqual({ type: 'subscribe', data: { topics: ['alerts'], host: ['a'] } });
  });

  it('SC-55: select while connecting, sends subscribe after hello', () => {
    const stand = createStand();
    stand.manager.open();
    stand.manager.select({ metricTypes: ['cpu'] });
    expect(stand.last.sent).toEqual([]);
    stand.goLive();
    expect(stand.last.sent[0]).toEqual({ type: 'subscribe', data: { metric_type: ['cpu'] } });
  });

  it('SC-32: select while connecting, lost before its snapshot came, is followed by a snapshot', () => {
    const stand = createStand();
    stand.manager.open();
    stand.manager.select({ metricTypes: ['mem'] });
    const socket = stand.goLive();
    socket.snapshot([sample(START_MS)]);
    socket.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.search).toBe('?metric_type=mem');
  });

  it('SC-32: select while connecting, lost after its snapshot came, is resumed', () => {
    const stand = createStand();
    stand.manager.open();
    stand.manager.select({ metricTypes: ['mem'] });
    const socket = stand.goLive();
    socket.snapshot([]);
    socket.snapshot([sample(START_MS)]);
    socket.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe(`${START_MS}-0`);
  });

  it('SC-55: select while waiting, is in the address of the next connection', () => {
    const { stand, socket } = liveStand();
    socket.end(1006);
    stand.manager.select({ rate: 2 });
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('rate')).toBe('2');
    expect(stand.goLive().sent.map(({ type }) => type)).toEqual(['ping']);
  });
});

describe('signs of life', () => {
  it('SC-60: right after hello, pings four times half a second apart', () => {
    const { stand, socket } = liveStand();
    stand.clock.advance(2000);
    expect(pings(socket)).toBe(4);
  });

  it('SC-61: nothing for 2.5 heartbeats, counts as lost', () => {
    const { stand, socket } = liveStand();
    stand.clock.advance(49_999);
    expect(stand.manager.state.name).toBe('live');
    stand.clock.advance(1);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', reason: 'silent', attempt: 1 });
    expect(socket.ended).toBe(true);
  });

  it('SC-61: any frame, is a sign of life', () => {
    const { stand, socket } = liveStand();
    for (let i = 0; i < 5; i += 1) {
      stand.clock.advance(49_999);
      socket.text('not even JSON');
    }
    expect(stand.manager.state.name).toBe('live');
  });

  it.each([1e300, 1e12])('SC-62: a heartbeat of %f ms, is one of an hour', (heartbeat_ms) => {
    const { stand, socket } = liveStand({}, { heartbeat_ms });
    stand.clock.advance(2000);
    const before = pings(socket);
    stand.clock.advance(1_800_000);
    expect(pings(socket) - before).toBe(1);
  });

  it('SC-62: while idle, pings every half heartbeat', () => {
    const { stand, socket } = liveStand();
    stand.clock.advance(2000);
    const before = pings(socket);
    for (let i = 0; i < 6; i += 1) {
      stand.clock.advance(10_000);
      socket.frame('pong', {
        t: stand.clock.nowMs(),
        server_time: new Date(stand.clock.nowMs()).toISOString(),
      });
    }
    expect(pings(socket) - before).toBe(6);
  });

  it('SC-63: our own timers came late, the server gets another chance', () => {
    const { stand, socket } = liveStand();
    stand.clock.block(300_000);
    expect(stand.manager.state.name).toBe('live');
    socket.message(sample(stand.clock.nowMs()));
    stand.clock.advance(5000);
    expect(stand.manager.state.name).toBe('live');
  });

  it('SC-63: our own timers came late and no answer follows, lost after 5 s', () => {
    const { stand } = liveStand();
    stand.clock.block(300_000);
    stand.clock.advance(5000);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', reason: 'silent' });
  });

  it.each([3_600_000, -3_600_000])('SC-64: the wall clock set by %i ms, loses nothing', (jumpMs) => {
    const { stand, socket } = liveStand();
    stand.clock.jump(jumpMs);
    for (let i = 0; i < 20; i += 1) {
      stand.clock.advance(2000);
      socket.message(sample(stand.clock.nowMs(), null));
    }
    expect(stand.manager.state.name).toBe('live');
  });

  it('SC-65: a wake-up when live and no answer within 5 s, lost', () => {
    const { stand, socket } = liveStand();
    stand.clock.advance(4000);
    const before = pings(socket);
    stand.wake();
    expect(pings(socket)).toBe(before + 1);
    stand.clock.advance(5000);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', reason: 'silent' });
  });
});

describe('latency', () => {
  it('SC-70: live messages, are measured from their time to receipt by the server clock', () => {
    const { stand, socket } = liveStand();
    stand.clock.advance(20);
    socket.frame('pong', { t: START_MS, server_time: new Date(START_MS + 1010).toISOString() });
    socket.message(sample(START_MS + 1000));
    expect(stand.manager.latency).toEqual({
      p50Ms: 20,
      p99Ms: 20,
      samples: 1,
      clockOffsetMs: 1000,
      roundTripMs: 20,
    });
  });

  it('SC-71: snapshot, recovered and kept-back messages, do not count', () => {
    const { stand, socket } = liveStand();
    socket.frame('pong', { t: START_MS, server_time: new Date(START_MS).toISOString() });
    socket.frame('snapshot', { phase: 'begin' });
    socket.message(sample(START_MS, '1-0'));
    socket.frame('snapshot', { phase: 'end' });
    socket.frame('error', OUTAGE);
    socket.message(sample(START_MS, '2-0'));
    socket.frame('status', BACK);
    socket.message(sample(START_MS - 60_000, `${START_MS}-0`));
    expect(stand.manager.latency.samples).toBe(0);
  });

  it('SC-71: before the clock offset is known, nothing counts', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS));
    expect(stand.manager.latency).toMatchObject({ samples: 0, p50Ms: null, clockOffsetMs: null });
  });

  it.each([
    ['its messages before its timers', (stand: Stand) => stand.clock.jump(70_000)],
    ['its timers before its messages', (stand: Stand) => stand.clock.block(70_000)],
    [
      'the wake-up before both',
      (stand: Stand) => {
        stand.clock.jump(70_000);
        stand.wake();
      },
    ],
  ])('SC-78: a machine that slept, finds %s, and measures from the next answer on', (_order, sleep) => {
    const { stand, socket } = liveStand();
    socket.frame('pong', { t: START_MS, server_time: new Date(START_MS).toISOString() });
    sleep(stand);
    const sentAsleep = sample(START_MS + 30_000, `${START_MS + 30_000}-0`);
    socket.message(sentAsleep);
    socket.frame('pong', { t: START_MS + 500, server_time: new Date(START_MS + 500).toISOString() });
    socket.message(sample(START_MS + 31_000, `${START_MS + 31_000}-0`));
    expect(stand.manager.latency.samples).toBe(0);
    stand.clock.advance(1000);
    const nowMs = stand.clock.nowMs();
    const ping = socket.sent.findLast(({ type }) => type === 'ping');
    socket.frame('pong', { t: ping?.data['t'], server_time: new Date(nowMs).toISOString() });
    socket.message(sample(nowMs - 20, `${nowMs}-0`));
    expect(stand.manager.latency.samples).toBe(1);
  });

  it('SC-72: a busy stream, reports at most once a second', () => {
    const stand = createStand();
    const reports: LatencyReport[] = [];
    stand.manager.on('latency', (report) => reports.push(report));
    stand.manager.open();
    const socket = stand.goLive();
    for (let i = 0; i < 500; i += 1) {
      stand.clock.advance(10);
      socket.message(sample(stand.clock.nowMs()));
    }
    expect(reports).toHaveLength(6);
  });
});
