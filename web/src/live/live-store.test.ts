import { describe, expect, it, vi } from 'vitest';
import { createStand, iso } from '../testing/fake-stream.test-support.js';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { sample } from '../testing/messages.test-support.js';
import { FLUSH_PERIOD_MS } from './live-store.js';

describe('notifications', () => {
  it('WB-40: 500 messages in one flush period, subscribers are told twice at most', () => {
    const { clock, send, store, settle } = createStand();
    settle();
    const listener = vi.fn();
    store.subscribe(listener);
    for (let index = 0; index < 500; index++) {
      clock.advance(FLUSH_PERIOD_MS / 500);
      send(sample('cpu', index, clock.nowMs()));
    }
    expect(listener.mock.calls.length).toBeLessThanOrEqual(2);
  });
  it('WB-41: one gauge changed, the others are the same objects', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.send(sample('mem', 50, START_MS));
    const before = stand.host();
    stand.send(sample('cpu', 2, START_MS + 250));
    const after = stand.host();
    expect(after.gauges.cpu).not.toBe(before.gauges.cpu);
    expect(after.gauges.mem).toBe(before.gauges.mem);
    expect(after.cores).toBe(before.cores);
  });
  it('WB-41: nothing changed within the second, nobody is told', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.settle();
    const listener = vi.fn();
    stand.store.subscribe(listener);
    stand.send(sample('cpu', 1, START_MS));
    stand.settle();
    expect(listener).not.toHaveBeenCalled();
  });
  it('WB-42: silence, the gauge turns stale by itself and says as of when', () => {
    const stand = createStand();
    for (const second of [0, 1, 2]) stand.send(sample('cpu', 1, START_MS - 2000 + second * 1000));
    expect(stand.host().gauges.cpu).toEqual({ value: 1, freshness: 'live', asOfMs: null });
    stand.clock.advance(5000);
    expect(stand.host().gauges.cpu).toEqual({ value: 1, freshness: 'stale', asOfMs: START_MS });
  });
  it('WB-49: the stream is let go, no timer and no listener is left', () => {
    const { clock, stream, store } = createStand();
    const before = [clock.scheduled, stream.listenerCount];
    store.attach(stream)();
    expect([clock.scheduled, stream.listenerCount]).toEqual(before);
  });
});

describe('hosts', () => {
  it('WB-34: a snapshot value of ten minutes ago, stale at once', () => {
    const stand = createStand();
    stand.hello();
    stand.snapshot(sample('cpu', 1, START_MS - 600_000));
    expect(stand.host().gauges.cpu).toEqual({ value: 1, freshness: 'stale', asOfMs: START_MS - 600_000 });
  });
  it('WB-34: a snapshot value, its age is told by the gateway’s clock', () => {
    const stand = createStand();
    stand.hello({ server_time: iso(START_MS + 3_600_000) });
    stand.snapshot(sample('cpu', 1, START_MS + 3_600_000 - 1000));
    expect(stand.host().gauges.cpu.freshness).toBe('live');
  });
  it('WB-35: mounts and cores, each on its own and in order', () => {
    const stand = createStand();
    for (const core of [10, 2]) stand.send(sample('cpu_core', core, START_MS, { core }));
    for (const mount of ['/var', '/']) stand.send(sample('disk', 50, START_MS, { mount }));
    const { cores, mounts } = stand.host();
    expect(cores.map(({ core }) => core)).toEqual([2, 10]);
    expect(mounts.map(({ mount }) => mount)).toEqual(['/', '/var']);
  });
  it('WB-36: messages that name no host, a host without a name', () => {
    const stand = createStand();
    const { type, data } = sample('cpu', 45.2, START_MS);
    stand.send({ type, data: { ...data, meta: { unit: 'percent' } } });
    expect(stand.host('').gauges.cpu.value).toBe(45.2);
  });
  it('WB-47: an unknown metric and a time that is none, nothing shows and nothing breaks', () => {
    const stand = createStand();
    const { type, data } = sample('cpu', 1, START_MS);
    stand.send(sample('fan_speed', 900, START_MS));
    stand.send({ type, data: { ...data, time: 'yesterday' } });
    expect(stand.settle().hosts).toEqual([]);
    stand.send(sample('cpu', 2, START_MS));
    expect(stand.host().gauges.cpu.freshness).toBe('live');
  });
  it('WB-30: 503 and a lost connection, the last values stay and say so', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.stream.become({
      name: 'degraded',
      cause: 'redis_unavailable',
      sinceMs: START_MS,
      lastMessageAtMs: null,
    });
    expect(stand.host().freshness).toBe('degraded');
    stand.stream.become({ name: 'waiting', attempt: 1, nextAtMs: START_MS + 2000, reason: 'closed' });
    expect(stand.host().gauges.cpu).toEqual({ value: 1, freshness: 'disconnected', asOfMs: START_MS });
  });
});
