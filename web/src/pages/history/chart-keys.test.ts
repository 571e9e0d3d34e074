import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadedSeries } from '../../testing/history.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { deriveChartKey } from './chart-keys.js';
import { deriveReadOut } from './read-out.js';

const SPAN = { fromMs: START_MS, toMs: START_MS + 100_000 };
const at = (second: number) => START_MS + second * 1000;

describe('a chart by keyboard', () => {
  it.each([
    ['ArrowLeft', at(50), { kind: 'cursor', timeMs: at(49) }],
    ['PageUp', at(50), { kind: 'cursor', timeMs: at(60) }],
    ['ArrowRight', at(100), { kind: 'cursor', timeMs: at(100) }],
    ['ArrowLeft', null, { kind: 'cursor', timeMs: at(99) }],
    ['Home', at(50), { kind: 'cursor', timeMs: at(0) }],
    ['Enter', at(50), { kind: 'pick', timeMs: at(50) }],
    ['+', at(50), { kind: 'zoom', factor: 0.5, aboutMs: at(50) }],
    ['-', null, { kind: 'zoom', factor: 2, aboutMs: at(100) }],
    ['Escape', at(50), { kind: 'leave' }],
    ['Tab', at(50), null],
  ] as const)('WB-184: %s with the cursor at %s, does %j', (key, cursorMs, expected) => {
    expect(deriveChartKey(key, cursorMs, SPAN)).toEqual(expected);
  });

  it('WB-184: any key from anywhere, leaves the cursor within the span', () => {
    const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Enter');
    fc.assert(
      fc.property(keys, fc.option(fc.integer()), (key, cursorMs) => {
        const action = deriveChartKey(key, cursorMs, SPAN);
        const timeMs = action?.kind === 'cursor' || action?.kind === 'pick' ? action.timeMs : Number.NaN;
        expect(timeMs >= SPAN.fromMs && timeMs <= SPAN.toMs).toBe(true);
      }),
    );
  });
});

describe('what a chart says of a moment', () => {
  it('WB-130: the read-out, has the value with its unit, that of the other period, and a dash in a gap', () => {
    const series = loadedSeries([4, null, null, 8], { gaps: [[at(0), at(3)]] });
    const group = { unit: 'percent', members: [{ series, compared: loadedSeries([2, 3]), slot: 0 }] };
    const [inside] = deriveReadOut(group, at(1), { cpu: 'CPU' });
    expect(inside).toMatchObject({ name: 'CPU · web-01', value: '–', before: '3.0%' });
    expect(deriveReadOut(group, at(3), {})[0]?.value).toBe('8.0%');
  });
});
