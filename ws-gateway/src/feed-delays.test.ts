import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createFeedDelays } from './feed-delays.js';
import { arrival, metric } from './testing/messages.js';

function setUp() {
  const clock = createManualClock();
  const hops: [string, number][] = [];
  const states: unknown[] = [];
  const delays = createFeedDelays({
    bus: { publish: (_channel, { data }) => states.push('state' in data && data.state) },
    clock,
    metrics: { hop: (name, delayMs) => hops.push([name, delayMs]) },
    host: 'web-1',
    name: 'web-1:1',
  });
  /** A message that was published so long ago, and is received now. */
  const arrive = (seq: number, agoMs: number) => {
    const publishedMs = clock.nowMs() - agoMs;
    const message = metric({ time: new Date(publishedMs - 7).toISOString() });
    return arrival(message, { seq, id: `${publishedMs}-0`, receivedMs: clock.monotonicMs() });
  };
  /** Half a minute of messages that took so long. */
  const spend = (options: { recovered?: boolean; held?: boolean }) => {
    for (let second = 0; second < 30; second += 1) {
      for (let index = 0; index < 50; index += 1) {
        const each = arrive(second * 50 + index + 1, 300);
        delays.received(each, options.recovered ?? false);
        delays.written([each], options.held ?? false);
      }
      clock.advance(1000);
    }
  };
  return { clock, delays, hops, states, arrive, spend };
}

describe('the delays of the feed', () => {
  it('GW-98: received and written, each hop is measured', () => {
    const { clock, delays, hops, arrive } = setUp();
    const each = arrive(1, 20);
    delays.received(each, false);
    clock.advance(3);
    delays.written([each], false);
    expect(hops).toEqual([
      ['collected_published', 7],
      ['published_received', 20],
      ['received_written', 3],
    ]);
  });

  it('GW-98: recovered after an outage, nothing is measured', () => {
    const { hops, states, spend } = setUp();
    spend({ recovered: true });
    expect([hops, states]).toEqual([[], []]);
  });

  it.each([
    ['late', false, ['firing']],
    ['late because of the limit', true, []],
  ])('GW-99: half a minute of messages that are %s', (_what, held, expected) => {
    const { delays, states, arrive, spend } = setUp();
    delays.received(arrive(1, 0), false);
    spend({ held });
    expect(states).toEqual(expected);
  });
});
