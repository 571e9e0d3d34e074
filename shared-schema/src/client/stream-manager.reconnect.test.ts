import { describe, expect, it } from 'vitest';
import { BACK, createStand, OUTAGE, START_MS, type Stand, sample } from './stand.test-support.js';

describe('connecting', () => {
  it('SC-1: made but not opened, connects nothing', () => {
    const stand = createStand();
    expect(stand.manager.state).toEqual({ name: 'idle' });
    expect(stand.sockets).toHaveLength(0);
    expect(stand.clock.scheduled).toBe(0);
  });

  it('SC-2: open, the key travels as a subprotocol pair and not in the address', () => {
    const stand = createStand({ key: 'schlüssel-mit-16?' });
    stand.manager.open();
    const encoded = Buffer.from('schlüssel-mit-16?', 'utf8').toString('base64url');
    expect(stand.last.protocols).toEqual(['pulsewire.v1', `key.${encoded}`]);
    expect(stand.last.url.href).toBe('ws://127.0.0.1:8080/api/system/ws');
  });

  it('SC-3: a selection, is sent as query options', () => {
    const stand = createStand({
      selection: {
        topics: ['metrics', 'alerts'],
        metricTypes: ['cpu', 'mem'],
        hosts: ['a'],
        containers: ['web'],
        rate: 5,
      },
    });
    stand.manager.open();
    expect(Object.fromEntries(stand.last.url.searchParams)).toEqual({
      topics: 'metrics,alerts',
      metric_type: 'cpu,mem',
      host: 'a',
      container: 'web',
      rate: '5',
    });
  });

  it('SC-4: an open socket without hello, is still connecting', () => {
    const stand = createStand();
    stand.manager.open();
    stand.last.accept();
    expect(stand.manager.state).toEqual({ name: 'connecting', attempt: 0 });
  });

  it('SC-4: hello, makes it live', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    expect(stand.manager.state).toEqual({ name: 'live', sinceMs: START_MS });
  });

  it('SC-5: no hello within 10 s, counts as lost', () => {
    const stand = createStand();
    stand.manager.open();
    stand.last.accept();
    stand.clock.advance(10_000);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', attempt: 1, reason: 'network_error' });
    expect(stand.open).toHaveLength(0);
  });

  it('SC-6: open twice, makes one connection', () => {
    const stand = createStand();
    stand.manager.open();
    stand.manager.open();
    expect(stand.sockets).toHaveLength(1);
  });
});

describe('retrying', () => {
  it('SC-10: a server that stays away, retries exactly after 2, 5, 10, 30 and 30 s', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    const waits: number[] = [];
    stand.last.end(1006);
    for (let retry = 0; retry < 5; retry += 1) {
      const state = stand.manager.state;
      if (state.name !== 'waiting') throw new Error(`expected waiting, not ${state.name}`);
      const waitMs = state.nextAtMs - stand.clock.nowMs();
      waits.push(waitMs);
      const before = stand.sockets.length;
      stand.clock.advance(waitMs - 1);
      expect(stand.sockets).toHaveLength(before);
      stand.clock.advance(1);
      expect(stand.sockets).toHaveLength(before + 1);
      stand.last.accept();
      stand.last.end(1006);
    }
    expect(waits).toEqual([2000, 5000, 10_000, 30_000, 30_000]);
  });

  it('SC-11: jitter 0.2, waits up to a fifth longer', () => {
    const stand = createStand({ jitter: 0.2, random: () => 0.5 });
    stand.manager.open();
    stand.goLive();
    stand.last.end(1006);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', nextAtMs: START_MS + 2200 });
  });

  it('SC-12: lost after 10 s live, begins again at the first step', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    stand.last.end(1006);
    stand.clock.advance(2000);
    stand.goLive();
    stand.clock.advance(10_000);
    stand.last.end(1006);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', attempt: 1 });
  });

  it('SC-12: lost before 10 s live, goes on to the next step', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    stand.last.end(1006);
    stand.clock.advance(2000);
    stand.goLive();
    stand.clock.advance(9999);
    stand.last.end(1006);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', attempt: 2 });
  });

  it.each([
    [1012, 'server_restart'],
    [1001, 'server_restart'],
    [1006, 'network_error'],
    [1013, 'too_slow'],
    [1000, 'closed'],
    [4000, 'closed'],
  ])('SC-13: close code %i, waits and says %s', (code, reason) => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(code);
    expect(stand.manager.state).toEqual({
      name: 'waiting',
      attempt: 1,
      nextAtMs: START_MS + 2000,
      reason,
    });
  });

  it('SC-14: closed for policy, waits the longest step, and the longest again', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(1008);
    expect(stand.manager.state).toMatchObject({
      name: 'waiting',
      reason: 'policy',
      nextAtMs: START_MS + 30_000,
    });
    stand.clock.advance(30_000);
    stand.goLive().end(1006);
    expect(stand.manager.state).toMatchObject({ nextAtMs: START_MS + 60_000 });
  });

  it('SC-15: retryNow while waiting, connects at once', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(1006);
    stand.manager.retryNow();
    expect(stand.manager.state).toEqual({ name: 'connecting', attempt: 1 });
  });

  it('SC-16: a wake-up while waiting, connects at once', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(1006);
    stand.wake();
    expect(stand.manager.state).toEqual({ name: 'connecting', attempt: 1 });
  });

  it('SC-17: connect throws, waits like after any loss', () => {
    const stand = createStand({
      connect: () => {
        throw new Error('no route');
      },
    });
    stand.manager.open();
    expect(stand.states.map(({ name }) => name)).toEqual(['waiting']);
    stand.manager.close();
    expect(stand.clock.scheduled).toBe(0);
  });

  it('SC-18: a reconnect, resumes after the last id', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().snapshot([sample(START_MS, '1768624200000-7')]);
    stand.last.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe('1768624200000-7');
  });

  it.each([
    [300_000, null],
    [300_001, `${START_MS}-0`],
  ])('SC-25: resumeWithinMs %i and a last message 300.001 s old, after is %s', (resumeWithinMs, after) => {
    const stand = createStand({ resumeWithinMs });
    stand.manager.open();
    stand.goLive().snapshot([sample(START_MS)]);
    stand.last.end(1006);
    stand.clock.block(300_001);
    expect(stand.last.url.searchParams.get('after')).toBe(after);
  });

  it('SC-18: option after, is used by the first connection', () => {
    const stand = createStand({ after: '5-0' });
    stand.manager.open();
    expect(stand.last.url.searchParams.get('after')).toBe('5-0');
  });

  it.each([
    ['selection', (stand: Stand) => stand.manager.select({ topics: ['alerts'] })],
    ['key', (stand: Stand) => stand.manager.setKey('another-key-of-16')],
  ])('SC-26: another %s than that of the last connection, begins with a snapshot', (_what, change) => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().snapshot([sample(START_MS)]);
    stand.last.end(1006);
    change(stand);
    stand.clock.advance(2000);
    expect(stand.sockets).toHaveLength(2);
    expect(stand.last.url.searchParams.get('after')).toBeNull();
    stand.goLive().snapshot([sample(START_MS + 1)]);
    stand.last.end(1006);
    stand.clock.advance(5000);
    expect(stand.last.url.searchParams.get('after')).toBe(`${START_MS + 1}-0`);
  });

  it.each([
    ['before its snapshot was complete, is not resumed', false, null],
    ['and had its snapshot, is resumed', true, `${START_MS}-0`],
  ])('SC-26: a selection that was changed while live, %s', (_what, complete, after) => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().snapshot([sample(START_MS)]);
    stand.manager.select({ topics: ['metrics'] });
    if (complete) stand.last.snapshot([]);
    stand.last.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe(after);
  });

  it('SC-28: lost in the middle of a snapshot, begins with a snapshot again', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().snapshot([sample(START_MS)]);
    stand.last.end(1006);
    stand.clock.advance(2000);
    stand.goLive({ resumed: 'partial' }).frame('snapshot', { phase: 'begin' });
    stand.last.message(sample(START_MS + 1));
    stand.last.end(1006);
    stand.clock.advance(5000);
    expect(stand.last.url.searchParams.get('after')).toBeNull();
  });

  it('SC-29: lost in the middle of what was missed, resumes from where that began', () => {
    const stand = createStand({ after: '5-0' });
    stand.manager.open();
    stand.goLive({ resumed: 'complete' }).frame('snapshot', { phase: 'begin' });
    stand.last.message(sample(START_MS));
    stand.last.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe('5-0');
  });

  it('SC-29: lost after all that was missed, resumes after that', () => {
    const stand = createStand({ after: '5-0' });
    stand.manager.open();
    stand.goLive({ resumed: 'complete' }).snapshot([sample(START_MS)]);
    stand.last.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe(`${START_MS}-0`);
  });

  it.each([
    ['while degraded, resumes from where the outage began', false, START_MS],
    ['after the outage, resumes after the newest', true, START_MS + 60_000],
  ])('SC-29: lost %s', (_situation, isBack, afterMs) => {
    const stand = createStand();
    stand.manager.open();
    const socket = stand.goLive();
    socket.snapshot([sample(START_MS)]);
    socket.frame('error', OUTAGE);
    socket.message(sample(START_MS + 60_000));
    if (isBack) socket.frame('status', BACK);
    socket.end(1006);
    stand.clock.advance(2000);
    expect(stand.last.url.searchParams.get('after')).toBe(`${afterMs}-0`);
  });
});
