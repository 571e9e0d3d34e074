import { createManualClock } from '@pulsewire/runtime';
import type { BusMessage } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { describe, expect, it } from 'vitest';
import { createLatencyWatch } from './latency-watch.js';

function setUp() {
  const clock = createManualClock();
  const published: BusMessage[] = [];
  const bus = { publish: (_channel: string, message: BusMessage) => published.push(message) };
  const watch = createLatencyWatch({ bus, clock, host: 'web-1', name: 'web-1:8081' });
  const spend = (windows: number, delayMs: number, receivedMs = 0) => {
    for (let window = 0; window < windows; window += 1) {
      for (let message = 0; message < 200; message += 1) {
        watch.received(receivedMs);
        watch.observe(delayMs);
      }
      clock.advance(10_000);
    }
  };
  const states = () => published.map(({ data }) => ('state' in data ? data.state : null));
  return { clock, watch, spend, published, states };
}

describe('the watch over the delay', () => {
  it('GW-99: slow for 30 s, a valid alert; fast for 30 s, resolved', () => {
    const { spend, published, states } = setUp();
    spend(1, 0);
    spend(3, 250);
    spend(3, 5);
    expect(states()).toEqual(['firing', 'resolved']);
    expect(published.every((message) => parseBusMessage(Buffer.from(JSON.stringify(message))).ok)).toBe(true);
    expect(published[0]?.data).toMatchObject({
      alert_id: 'feed_latency:web-1:8081',
      value: 250,
      threshold: 100,
    });
  });

  it.each([150, -150])(
    'GW-99: clocks that differ by %d ms, no alert for it and one for what comes on top',
    (skewMs) => {
      const { spend, states } = setUp();
      spend(6, skewMs, skewMs);
      const before = states();
      spend(3, skewMs + 250, skewMs);
      expect([before, states()]).toEqual([[], ['firing']]);
    },
  );

  it('GW-99: received at once and always written late, firing until it is written sooner', () => {
    const { spend, states } = setUp();
    spend(70, 150);
    const before = states();
    spend(3, 5);
    expect([before, states()]).toEqual([['firing'], ['firing', 'resolved']]);
  });

  it('GW-99: left firing by an earlier run, resolved when it has been fast for 30 s', () => {
    const { clock, watch, spend, published } = setUp();
    watch.takeOver(clock.nowMs() - 60_000);
    spend(3, 5);
    const started = new Date(clock.nowMs() - 90_000).toISOString();
    expect(published.map(({ data }) => data)).toMatchObject([{ state: 'resolved', started_at: started }]);
  });

  it('GW-99: stopped while it fires, resolved', async () => {
    const { clock, spend, watch, states } = setUp();
    spend(1, 0);
    spend(3, 250);
    await watch.stop();
    expect([states(), clock.scheduled]).toEqual([['firing', 'resolved'], 0]);
  });
});
