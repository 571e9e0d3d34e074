import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en.js';
import { ko } from '../i18n/ko.js';
import { formatDuration } from './duration.js';
import { formatClock, formatMoment } from './moment.js';
import { formatByteRate, formatBytes, formatMilliseconds, formatPercent, joined } from './quantity.js';

describe('quantities', () => {
  it('WB-70: percentages, one decimal and none from 100 on', () => {
    expect([0, 9.44, 99.94, 99.96, 250].map((value) => joined(formatPercent(value)))).toEqual([
      '0.0%',
      '9.4%',
      '99.9%',
      '100%',
      '250%',
    ]);
  });
  it('WB-70: bytes, binary units', () => {
    expect([0, 999, 1000, 1536, 1024 ** 3 * 12.34].map((value) => joined(formatBytes(value)))).toEqual([
      '0\u00a0B',
      '999\u00a0B',
      '0.98\u00a0KiB',
      '1.50\u00a0KiB',
      '12.3\u00a0GiB',
    ]);
  });
  it('WB-70: any number of bytes, at most four characters before the unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e17, noNaN: true }), (bytes) => {
        expect(formatBytes(bytes).text.length).toBeLessThanOrEqual(4);
      }),
    );
  });
  it('WB-70: rates and latencies, their units', () => {
    expect(formatByteRate(2048).unit).toBe('KiB/s');
    expect([0.84, 12.4, 1400].map((ms) => joined(formatMilliseconds(ms)))).toEqual([
      '0.8\u00a0ms',
      '12\u00a0ms',
      '1.4\u00a0s',
    ]);
  });
});

describe('times', () => {
  it('WB-71: lengths, two units at most, in both languages', () => {
    const lengths = [-5, 59_999, 60_000, 3_725_000, 90_000_000];
    expect(lengths.map((ms) => formatDuration(ms, en.duration))).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h 2 min',
      '1 d 1 h',
    ]);
    expect(formatDuration(3_725_000, ko.duration)).toBe('1시간 2분');
  });
  it('WB-72: moments, 24 hours in both languages', () => {
    const evening = new Date(2026, 0, 17, 23, 5, 9).getTime();
    expect([formatClock(evening, 'en'), formatClock(evening, 'ko')]).toEqual(['23:05:09', '23:05:09']);
  });
  it('WB-72: a moment of another year, with its year', () => {
    const timeMs = Date.UTC(2020, 5, 15, 12);
    expect(formatMoment(timeMs, Date.UTC(2026, 0, 1), 'en')).toContain('2020');
    expect(formatMoment(timeMs, timeMs + 48 * 3_600_000, 'en')).not.toContain('2020');
  });

  it('WB-72: a moment of another day, with its date; no moment, a dash', () => {
    const then = new Date(2026, 0, 17, 23, 5, 9).getTime();
    expect(formatMoment(then, then + 2 * 86_400_000, 'en')).toContain('17 Jan');
    expect(formatMoment(Number.NaN, then, 'en')).toBe('–');
  });
});
