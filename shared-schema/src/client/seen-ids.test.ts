import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusMessage } from '../messages.js';
import { compareLogIds } from '../series.js';
import { createSeenIds } from './seen-ids.js';
import { START_MS, sample } from './stand.test-support.js';

function check(id: string): BusMessage {
  return {
    type: 'check_result',
    data: {
      service_id: 's',
      status: 'up',
      response_ms: 1,
      status_code: 200,
      error_type: null,
      error: null,
      time: '2026-01-17T04:30:00Z',
    },
    id,
  };
}

function logLine(seq: number, id: string): BusMessage {
  const data = {
    service: 's',
    level: 'info' as const,
    message: 'm',
    timestamp: '2026-01-17T04:30:00Z',
    host: 'a',
    stream: 'stdout' as const,
    seq,
  };
  return { type: 'log', data, id };
}

describe('seen ids', () => {
  it('SC-42: any order of arrival, each id of a series is accepted at most once and never after a newer one', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(20), fc.constantFrom('a', 'b')));
    fc.assert(
      fc.property(arrivals, (order) => {
        const seen = createSeenIds(null);
        const accepted = new Map<string, string[]>([
          ['a', []],
          ['b', []],
        ]);
        for (const [sequence, host] of order) {
          const message = sample(START_MS, `5-${sequence}`, host);
          if (seen.accept(message)) accepted.get(host)?.push(`5-${sequence}`);
        }
        for (const ids of accepted.values())
          ids.slice(1).forEach((id, i) => {
            expect(compareLogIds(id, ids[i] ?? '')).toBeGreaterThan(0);
          });
      }),
    );
  });

  it('SC-42: log lines of one source, are one series', () => {
    const seen = createSeenIds(null);
    expect([logLine(1, '5-1'), logLine(2, '5-2'), logLine(1, '5-1')].map(seen.accept)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('SC-18: ids of one log, resumes after the newest', () => {
    const seen = createSeenIds(null);
    seen.accept(sample(START_MS, '900-1', 'a'));
    seen.accept(sample(START_MS, '800-0', 'b'));
    expect(seen.resumeAfter(0)).toBe('900-1');
  });

  it('SC-19: ids of two logs close to each other, resumes after the older of their last ones', () => {
    const seen = createSeenIds(null);
    seen.accept(sample(START_MS, '10000-5'));
    seen.accept(check('9000-2'));
    expect(seen.resumeAfter(0)).toBe('9000-2');
  });

  it('SC-19: a log that was silent for long, goes back 2 s at most', () => {
    const seen = createSeenIds(null);
    seen.accept(sample(START_MS, '10000-5'));
    seen.accept(check('100-0'));
    expect(seen.resumeAfter(0)).toBe('8000-0');
  });

  it('SC-44: forgotten and nothing new yet, still resumes after the last id', () => {
    const seen = createSeenIds('5-0');
    expect(seen.resumeAfter(0)).toBe('5-0');
    seen.accept(sample(START_MS, '10000-5'));
    seen.forget();
    expect(seen.resumeAfter(0)).toBe('10000-5');
    seen.accept(sample(START_MS, '7-0'));
    expect(seen.resumeAfter(0)).toBe('7-0');
  });
});
