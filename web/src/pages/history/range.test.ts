import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLocalInput, toLocalInput } from '../../format/local-input.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { type BrushPart, momentAt, moveBrush, shareOf } from './brush.js';
import { deriveCompareSpan, type HistoryState, makesEntry, readState, writeState } from './history-state.js';
import { deriveSpan, normalizeSpan, PRESET_MS, PRESETS, panSpan, SHORTEST_MS, zoomSpan } from './range.js';
import { formatTick, splitTicks } from './time-ticks.js';

// Each is what one control changes.
const STEPS: readonly (readonly [Partial<HistoryState>, boolean])[] = [
  [{ range: { kind: 'preset', preset: '6h' }, zoom: null }, true],
  [{ zoom: null }, true],
  [{ compare: { kind: 'previous' } }, true],
  [{ replayMs: 1 }, true],
  [{ momentMs: 1 }, false],
  [{ band: false }, false],
  [{ series: [] }, false],
];
const HOUR_MS = 3_600_000;
const WHOLE = { fromMs: START_MS, toMs: START_MS + HOUR_MS };
const moment = fc.integer({ min: 0, max: 4e12 });
const span = fc.tuple(moment, moment).map(([a, b]) => normalizeSpan(a, b));
const state: fc.Arbitrary<HistoryState> = fc.record({
  range: fc.oneof(
    fc.constantFrom(...PRESETS).map((preset) => ({ kind: 'preset' as const, preset })),
    span.map((fixed) => ({ kind: 'fixed' as const, ...fixed })),
  ),
  zoom: fc.option(span),
  series: fc.option(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 })),
  compare: fc.oneof(
    fc.constantFrom({ kind: 'none' as const }, { kind: 'previous' as const }),
    moment.map((fromMs) => ({ kind: 'from' as const, fromMs })),
  ),
  band: fc.boolean(),
  marks: fc.boolean(),
  momentMs: fc.option(moment),
  replayMs: fc.option(moment),
});

describe('address of the history page', () => {
  it('WB-120: whatever is shown, is shown again by its address', () => {
    fc.assert(
      fc.property(state, (shown) => {
        expect(readState(writeState(shown))).toEqual(shown);
      }),
    );
  });

  it('WB-120: any query, is understood as far as it can be', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(() => readState(query)).not.toThrow();
      }),
    );
  });

  it('WB-120: nothing in the address, shows the last hour', () => {
    expect(readState('')).toMatchObject({
      range: { kind: 'preset', preset: '1h' },
      series: null,
      zoom: null,
    });
  });
});

describe('ranges', () => {
  it('WB-121: a preset, ends now', () => {
    expect(deriveSpan({ kind: 'preset', preset: '7d' }, START_MS)).toEqual({
      fromMs: START_MS - PRESET_MS['7d'],
      toMs: START_MS,
    });
  });

  it('WB-121: zoomed by half about a moment, the moment keeps its place', () => {
    const aboutMs = START_MS + HOUR_MS / 4;
    const zoomed = zoomSpan(WHOLE, 0.5, aboutMs, WHOLE);
    expect(shareOf(aboutMs, zoomed)).toBeCloseTo(0.25, 5);
    expect(zoomed.toMs - zoomed.fromMs).toBe(HOUR_MS / 2);
  });

  it('WB-121: any pan, keeps the length and stays within the range', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (share) => {
        const part = { fromMs: START_MS + 600_000, toMs: START_MS + 1_200_000 };
        const moved = panSpan(part, share, WHOLE);
        expect(moved.toMs - moved.fromMs).toBe(600_000);
        expect([moved.fromMs >= WHOLE.fromMs, moved.toMs <= WHOLE.toMs]).toEqual([true, true]);
      }),
    );
  });

  it('WB-121: the brush, any part moved any way, stays within the whole and never too short', () => {
    const part = fc.constantFrom<BrushPart>('from', 'to', 'window');
    fc.assert(
      fc.property(part, fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }), (moved, byMs) => {
        const { fromMs, toMs } = moveBrush(
          { fromMs: START_MS + 1e6, toMs: START_MS + 2e6 },
          moved,
          byMs,
          WHOLE,
        );
        expect(toMs - fromMs).toBeGreaterThanOrEqual(SHORTEST_MS);
        expect([fromMs >= WHOLE.fromMs, toMs <= WHOLE.toMs]).toEqual([true, true]);
      }),
    );
  });

  it('WB-121: a share of a span, is the share of its moment', () => {
    expect(shareOf(momentAt(0.3, WHOLE), WHOLE)).toBeCloseTo(0.3, 9);
  });

  it.each([
    [{ kind: 'none' } as const, null],
    [{ kind: 'previous' } as const, { fromMs: START_MS - HOUR_MS, toMs: START_MS }],
    [{ kind: 'from', fromMs: 5 } as const, { fromMs: 5, toMs: 5 + HOUR_MS }],
  ])('WB-125: compared with %j, the other period is as long', (compare, expected) => {
    expect(deriveCompareSpan(compare, WHOLE)).toEqual(expected);
  });

  it('WB-121: a moment in an input field, is the same moment to the second', () => {
    expect(fromLocalInput(toLocalInput(START_MS))).toBe(START_MS);
    expect(fromLocalInput('')).toBeNull();
  });
});

describe('time axis', () => {
  it('WB-129: any stretch, has at most as many labels as wanted, in order and inside', () => {
    const length = fc.integer({ min: 1000, max: 2 * PRESET_MS['1y'] });
    fc.assert(
      fc.property(moment, length, fc.integer({ min: 2, max: 20 }), (fromMs, lengthMs, most) => {
        const ticks = splitTicks(fromMs, fromMs + lengthMs, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
        expect(ticks.every((tick) => tick >= fromMs && tick <= fromMs + lengthMs)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('WB-129: midnight within a day, is written as its day', () => {
    const midnight = new Date(2026, 0, 17).getTime();
    expect(formatTick(midnight, 86_400_000, 'en')).toMatch(/17 Jan/);
    expect(formatTick(midnight + HOUR_MS, 86_400_000, 'en')).toBe('01:00');
  });
});

describe('steps', () => {
  it.each(STEPS)('WB-183: changing %j, is undone by the browser’s back: %s', (changed, expected) => {
    expect(makesEntry(changed)).toBe(expected);
  });
});
