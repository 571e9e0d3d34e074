import { describe, expect, it } from 'vitest';
import { createStand, HELLO, START_MS } from './stand.test-support.js';

describe('refusal', () => {
  it.each([401, 403] as const)(
    'SC-20: handshake refused with %i, rejected and never retried',
    async (status) => {
      const stand = createStand();
      stand.manager.open();
      stand.last.end(1006);
      expect(stand.manager.state.name).toBe('connecting');
      await stand.answerProbe(status);
      expect(stand.manager.state).toEqual({ name: 'rejected', status });
      stand.clock.advance(3_600_000);
      stand.wake();
      stand.manager.retryNow();
      expect(stand.sockets).toHaveLength(1);
      expect(stand.clock.scheduled).toBe(0);
    },
  );

  it.each([
    [503, 'refused', 2000],
    [426, 'refused', 2000],
    [null, 'network_error', 2000],
    [429, 'policy', 30_000],
  ] as const)('SC-21: handshake fails and the probe says %s, waits: %s', async (status, reason, waitMs) => {
    const stand = createStand();
    stand.manager.open();
    stand.last.end(1006);
    await stand.answerProbe(status);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', reason, nextAtMs: START_MS + waitMs });
  });

  it('SC-22: a probe without an answer, is given up after 10 s', async () => {
    const stand = createStand();
    stand.manager.open();
    stand.last.end(1006);
    stand.clock.advance(10_000);
    expect(stand.manager.state).toMatchObject({ name: 'waiting', attempt: 1 });
    await stand.answerProbe(401);
    expect(stand.manager.state.name).toBe('waiting');
  });

  it('SC-23: close code 4401, rejected as 401', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(4401);
    expect(stand.manager.state).toEqual({ name: 'rejected', status: 401 });
  });

  it('SC-24: setKey when rejected, connects with the new key', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive().end(4401);
    stand.manager.setKey('another-key-of-16');
    expect(stand.manager.state).toEqual({ name: 'connecting', attempt: 0 });
    expect(stand.last.protocols[1]).toBe(`key.${Buffer.from('another-key-of-16').toString('base64url')}`);
  });

  it('SC-24: setKey when live, replaces the connection', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    stand.manager.setKey('another-key-of-16');
    expect(stand.sockets).toHaveLength(2);
    expect(stand.open).toEqual([stand.last]);
  });
});

describe('closing', () => {
  it('SC-30: close when live, leaves no socket, timer or wake-up', () => {
    const stand = createStand();
    stand.manager.open();
    stand.goLive();
    stand.manager.close();
    expect(stand.manager.state).toEqual({ name: 'closed' });
    expect(stand.open).toHaveLength(0);
    expect(stand.clock.scheduled).toBe(0);
    expect(stand.listensForWakeUps).toBe(false);
  });

  it('SC-30: close while a probe is out, its answer changes nothing', async () => {
    const stand = createStand();
    stand.manager.open();
    stand.last.end(1006);
    stand.manager.close();
    await stand.answerProbe(401);
    expect(stand.manager.state).toEqual({ name: 'closed' });
    expect(stand.clock.scheduled).toBe(0);
  });

  it('SC-31: open after close, connects again', () => {
    const stand = createStand();
    stand.manager.open();
    stand.manager.close();
    stand.manager.open();
    expect(stand.goLive(HELLO)).toBe(stand.last);
    expect(stand.manager.state.name).toBe('live');
  });
});
