import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOfMs, deriveFreshness, FLOW_OF, type Flow } from './freshness.js';
import { deriveLagMs, seenAt } from './host-clock.js';

const seen = (more = {}) => ({ seenAtMs: 100_000, intervalMs: 2000, admittedStaleMs: 0, ...more });

describe('freshness', () => {
  it('WB-30: never received, empty whatever the connection is', () => {
    const flows: Flow[] = ['flowing', 'degraded', 'disconnected'];
    expect(flows.map((flow) => deriveFreshness(null, flow, 0))).toEqual(['empty', 'empty', 'empty']);
  });
  it('WB-30: received before, the connection’s word comes first', () => {
    expect(deriveFreshness(seen(), 'degraded', 100_000)).toBe('degraded');
    expect(deriveFreshness(seen(), 'disconnected', 100_000)).toBe('disconnected');
  });
  it('WB-30: every state of the stream but live and degraded, disconnected', () => {
    const { live, degraded, ...others } = FLOW_OF;
    expect([live, degraded]).toEqual(['flowing', 'degraded']);
    expect(new Set(Object.values(others))).toEqual(new Set(['disconnected']));
  });
  it('WB-31: silent for three intervals, live; for longer, stale', () => {
    expect(deriveFreshness(seen(), 'flowing', 106_000)).toBe('live');
    expect(deriveFreshness(seen(), 'flowing', 106_001)).toBe('stale');
  });
  it('WB-31: a short interval, never stale within three seconds', () => {
    expect(deriveFreshness(seen({ intervalMs: 250 }), 'flowing', 103_000)).toBe('live');
  });
  it('WB-32: the producer calls the value old, stale at once and as of then', () => {
    const old = seen({ admittedStaleMs: 4000 });
    expect([deriveFreshness(old, 'flowing', 100_000), asOfMs(old)]).toEqual(['stale', 96_000]);
  });
});

describe('clocks of hosts', () => {
  it('WB-33: a clock that is wrong by any amount, a sample just received is seen now', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (skewMs) => {
        const lagMs = deriveLagMs(null, 5000 - (5000 + skewMs));
        expect(seenAt(5000 + skewMs, lagMs, 5000)).toBe(5000);
      }),
    );
  });
  it('WB-33: one late sample, its age shows', () => {
    const lagMs = deriveLagMs(deriveLagMs(null, 10), 10_010);
    expect(seenAt(50_000, lagMs, 60_010)).toBeLessThan(51_000);
  });
  it('WB-33: any lags, no sample is seen in the future', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (lags) => {
        const lagMs = lags.reduce<number | null>(deriveLagMs, null) ?? 0;
        expect(seenAt(0, lagMs, 1000)).toBeLessThanOrEqual(1000);
      }),
    );
  });
});
