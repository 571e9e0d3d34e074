import { createManualClock, createMemoryBus } from '@pulsewire/runtime';
import { CHANNELS, type Log } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { settle } from '../test-support/settle.js';
import { createLogOutlet } from './log-outlet.js';
import { recoverPublished } from './recover-positions.js';

const time = (n: number) => `2026-01-17T04:30:00.${String(n).padStart(9, '0')}Z`;

function lines(from: number, count: number, service = 'web', host = 'web-1'): Log[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'log',
    data: {
      service,
      level: 'info',
      message: `${from + i}`,
      timestamp: time(from + i),
      host,
      stream: 'stdout',
      seq: from + i,
    },
  }));
}

function setUp() {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock });
  const arrived: number[] = [];
  bus.subscribe({
    channels: [CHANNELS.logs],
    onMessage: ({ bytes }) => void arrived.push(JSON.parse(bytes.toString()).data.seq),
  });
  return { clock, bus, arrived, outlet: createLogOutlet(bus, clock) };
}

describe('the way out for lines', () => {
  it('SE-113: taken only once the bus has it', async () => {
    const { bus, outlet } = setUp();
    const taken: string[] = [];
    await outlet.publish(lines(0, 1), () => taken.push('first'));
    await settle();
    expect(taken).toEqual(['first']);
    const late = outlet.publish(lines(1, 1), () => taken.push('second'));
    bus.interrupt('test');
    await late;
    bus.restore();
    await settle();
    expect(taken).toEqual(['first', 'second']);
  });

  it('SE-115: the bus down, nothing is handed on until it is back, and then in order', async () => {
    const { bus, arrived, outlet } = setUp();
    bus.interrupt('test');
    const waiting = [
      outlet.publish(lines(0, 600)),
      outlet.publish(lines(600, 600)),
      outlet.publish(lines(1200, 600)),
    ];
    await settle();
    expect(outlet.outSinceMs).toBeNull();
    bus.restore();
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
    expect(arrived).toEqual(Array.from({ length: 1800 }, (_, i) => i));
  });

  it('SE-115: a bus that takes nothing, no more than a window is out', async () => {
    const { clock } = setUp();
    let published = 0;
    const state = { status: 'up' as const, sinceMs: 0, cause: null };
    const stuck = {
      state,
      onState: () => () => {},
      publish: () => void published++,
      flush: () => new Promise<boolean>(() => {}),
    };
    const outlet = createLogOutlet(stuck, clock);
    for (let batch = 0; batch < 10; batch += 1) void outlet.publish(lines(0, 300));
    await settle();
    expect(published).toBe(1200);
  });

  it('SE-29: closed, whoever waits is told so and hands on nothing', async () => {
    const { bus, arrived, outlet } = setUp();
    bus.interrupt('test');
    const waiting = outlet.publish(lines(0, 1));
    await outlet.close(0);
    bus.restore();
    expect([await waiting, arrived]).toEqual([false, []]);
  });
});

describe('what the bus has of an earlier run', () => {
  it('SE-113: the last place and number of every service of this host, over several pages', async () => {
    const { bus } = setUp();
    for (const message of [...lines(0, 700), ...lines(5, 3, 'db'), ...lines(900, 9, 'web', 'web-2')])
      bus.publish(CHANNELS.logs, message);
    for (const message of lines(699, 2))
      bus.publish(CHANNELS.logs, { ...message, data: { ...message.data, timestamp: time(699) } });
    bus.publishForeign(CHANNELS.logs, Buffer.from('{"type":"log","data":null}'));
    const published = await recoverPublished(bus, 'web-1', 0);
    expect(Object.fromEntries(published)).toEqual({
      web: { streams: { stdout: { time: time(699), count: 3 } }, seq: 701 },
      db: { streams: { stdout: { time: time(7), count: 1 } }, seq: 8 },
    });
  });
});
