import { createManualClock, createMemoryBus } from '@pulsewire/runtime';
import { parseFeedMessage } from '@pulsewire/shared-schema/parse';
import { describe, expect, it } from 'vitest';
import { createOutageHerald } from './outage-herald.js';

function setUp(downAtStart = false) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock });
  if (downAtStart) bus.interrupt('connect');
  const said: unknown[] = [];
  const hear = (payload: Buffer) => {
    const parsed = parseFeedMessage(payload);
    said.push(parsed.ok ? parsed.message : parsed.error);
  };
  const herald = createOutageHerald({
    bus,
    clock,
    lastMessageAtMs: () => clock.nowMs() - 5,
    announceOutage: hear,
    announceRecovery: hear,
  });
  return { clock, bus, said, herald };
}

describe('the outage herald', () => {
  it('GW-80: the bus goes down, the 503 packet goes out in the same turn', () => {
    const { bus, said } = setUp();
    bus.interrupt('canary');
    expect(said).toEqual([
      {
        type: 'error',
        data: {
          code: 503,
          message: 'Service Unavailable',
          time: '2026-01-17T04:30:00.000Z',
          cause: 'redis_unavailable',
          since: '2026-01-17T04:30:00.000Z',
          last_message_at: '2026-01-17T04:29:59.995Z',
          retry_after_ms: 10_000,
        },
      },
    ]);
  });

  it('GW-80: still down after 30 s, told three times more, each 10 s after the last', () => {
    const { clock, bus, said } = setUp();
    clock.advance(9000);
    bus.interrupt('canary');
    clock.advance(9999);
    expect(said.length).toBe(1);
    clock.advance(20_001);
    expect(said.length).toBe(4);
  });

  it('GW-82: back after 1.5 s, status 200 with the length', () => {
    const { clock, bus, said, herald } = setUp();
    bus.interrupt('canary');
    clock.advance(1500);
    herald.noteRecovered();
    bus.restore();
    expect(said.at(-1)).toEqual({
      type: 'status',
      data: { code: 200, message: 'OK', since: '2026-01-17T04:30:00.000Z', outage_ms: 1500, recovered: 1 },
    });
  });

  it('GW-81: down from the start, nobody is told until somebody is greeted', () => {
    const { said, herald } = setUp(true);
    expect([said.length, herald.greeting() === null]).toEqual([0, false]);
  });

  it('GW-92: stopped, it is silent and nothing is scheduled', () => {
    const { clock, bus, said, herald } = setUp();
    bus.interrupt('canary');
    herald.stop();
    bus.restore();
    expect([said.length, clock.scheduled]).toEqual([1, 0]);
  });
});
