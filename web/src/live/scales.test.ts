import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveLevel, largest, loadThresholds, roundUp, roundUpBytes, THRESHOLDS } from './scales.js';

const positive = fc.double({ min: 1e-3, max: 1e15, noNaN: true });

describe('scales', () => {
  it('WB-20: any value, the top is not below it and less than twice and a half it', () => {
    fc.assert(
      fc.property(positive, (value) => {
        const top = roundUp(value, 0);
        expect(top).toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(top).toBeLessThan(value * 2.5);
      }),
    );
  });
  it('WB-20: any number of bytes, the top is a power of two that holds it', () => {
    fc.assert(
      fc.property(positive, (bytes) => {
        const top = roundUpBytes(bytes, 1024);
        expect(Number.isInteger(Math.log2(top))).toBe(true);
        expect(top).toBeGreaterThanOrEqual(Math.max(1024, bytes * (1 - 1e-9)));
      }),
    );
  });
  it('WB-20: nothing to show, the floor', () => {
    expect([roundUp(0, 1), roundUp(Number.NaN, 1), roundUpBytes(0, 1024)]).toEqual([1, 1, 1024]);
  });
  it('WB-20: columns with breaks, the largest known value', () => {
    expect(
      largest([
        [1, null, 4],
        [undefined, 3],
      ]),
    ).toBe(4);
  });
});

describe('levels', () => {
  it('WB-21: below, at and above the thresholds', () => {
    expect([74.9, 75, 90].map((value) => deriveLevel(value, THRESHOLDS.cpu))).toEqual([
      'ok',
      'warning',
      'critical',
    ]);
  });
  it('WB-21: load, judged by the number of cores, and not at all without it', () => {
    expect(deriveLevel(4, loadThresholds(4))).toBe('warning');
    expect(deriveLevel(4, loadThresholds(0))).toBe('ok');
  });
});
