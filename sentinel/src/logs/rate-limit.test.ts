import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.js';

const time = (second: number) =>
  new Date(Date.UTC(2026, 0, 17, 4, 30, second)).toISOString().replace('Z', '000000Z');

/** Feeds so many lines of a second; the number that passes, and the notices. */
function feed(limit: ReturnType<typeof createRateLimit>, second: number, lines: number) {
  const results = Array.from({ length: lines }, () => limit.take(time(second)));
  return {
    passed: results.filter(({ passes }) => passes).length,
    notices: results.map(({ notice }) => notice).filter((notice) => notice > 0),
  };
}

describe('rate of a container', () => {
  it('SE-114: a flood, the burst passes, then the rate, with one notice a second', () => {
    const limit = createRateLimit(10);
    expect(feed(limit, 0, 200)).toEqual({ passed: 50, notices: [] });
    expect(feed(limit, 1, 200)).toEqual({ passed: 10, notices: [150] });
    expect(feed(limit, 2, 200)).toEqual({ passed: 10, notices: [190] });
    expect(limit.drain()).toBe(190);
  });

  it('SE-114: lines written at the rate and read all at once, all pass', () => {
    const limit = createRateLimit(10);
    const passed = Array.from({ length: 300 }, (_, second) => feed(limit, second, 10).passed);
    expect(passed.every((lines) => lines === 10)).toBe(true);
  });

  it('SE-114: a clock that was set back an hour, lines pass at the rate', () => {
    const limit = createRateLimit(10);
    feed(limit, 3600, 100);
    expect(feed(limit, 0, 100)).toEqual({ passed: 10, notices: [50] });
  });

  it('SE-114: a stream a second behind the other, no new allowance', () => {
    const limit = createRateLimit(10);
    feed(limit, 1, 100);
    expect(feed(limit, 0, 10).passed).toBe(0);
  });
});
