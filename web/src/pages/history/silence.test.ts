import type { HistoryPoint, HistorySpan } from '@pulsewire/shared-schema/rest';
import { describe, expect, it } from 'vitest';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { joinLive, type Tail } from './join-live.js';
import { deriveSilence } from './silence.js';

const HOUR_S = 3600;
const at = (second: number) => START_MS + second * 1000;
const point = (second: number): HistoryPoint => [at(second), 1, 1, 1];
const tailOf = (sinceS: number, ...seconds: number[]): Tail => ({
  samples: seconds.map((second) => [at(second), second] as const),
  sinceMs: at(sinceS),
});
/** As the charts have it: joined up to now. */
function heard(
  tail: Tail,
  untilS: number,
  more: { points?: readonly HistoryPoint[]; gaps?: readonly HistorySpan[]; resolutionMs?: number } = {},
) {
  const series = { points: [point(0)], gaps: [], resolutionMs: 0, ...more };
  return { ...series, ...joinLive({ ...series, tail, untilMs: at(untilS) }), tail };
}

describe('silence at an edge that is now', () => {
  it('WB-187: all series silent, tells since when; one of them not, tells nothing', () => {
    const quiet = heard(tailOf(1, 1, 2, 3), 10);
    const later = heard(tailOf(1, 3, 4, 5), 10);
    const lively = heard(tailOf(1, 8, 9, 10), 10);
    expect(deriveSilence([quiet, later], at(10))).toBe(at(5));
    expect(deriveSilence([quiet, lively], at(10))).toBeNull();
    expect(deriveSilence([], at(10))).toBeNull();
  });

  it('WB-187: silent for longer than the range, is silent beside another that is, too', () => {
    const quiet = heard(tailOf(1, 1, 2, 3), 60);
    const empty = heard(tailOf(1), 60, { points: [], gaps: [[at(-300), at(55)]] });
    expect(deriveSilence([empty], at(60))).toBe(at(-300));
    expect(deriveSilence([quiet, empty], at(60))).toBe(at(3));
  });

  it('WB-187: nothing in the range, and the page only just opened, is not called silent yet', () => {
    const empty = heard(tailOf(0), 5, { points: [], gaps: [[at(-300), at(0)]] });
    expect(deriveSilence([empty], at(5))).toBeNull();
  });

  it.each([
    ['had come in', tailOf(60, 61, 62, 63), 70, at(63)],
    ['came in since the page was opened', tailOf(60), 300, at(60)],
  ])('WB-187: within a stretch of hours, nothing more after what %s, is silent', (_, tail, nowS, sinceMs) => {
    const resolutionMs = 4 * HOUR_S * 1000;
    expect(deriveSilence([heard(tail, nowS, { resolutionMs })], at(nowS))).toBe(sinceMs);
  });

  it('WB-187: within a stretch of hours, one sample a minute, is not silent', () => {
    const resolutionMs = 4 * HOUR_S * 1000;
    for (const tail of [tailOf(60), tailOf(60, 110)])
      expect(deriveSilence([heard(tail, 160, { resolutionMs })], at(160))).toBeNull();
  });
});
