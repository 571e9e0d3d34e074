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
    seen.accept(check('100-0'));
    for (const id of ['5000-1', '7900-7', '8050-0', '9000-0', '10000-5']) seen.accept(sample(START_MS, id));
    expect(seen.resumeAfter(0)).toBe('7900-7');
  });

  it('SC-19: any ids of two logs, resumes after one that was received, 2 s behind the newest where there is one', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(10_000), fc.boolean()), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(arrivals, (order) => {
        const seen = createSeenIds(null);
        const ordered = order.sort(([a], [b]) => a - b).map(([ms, isCheck]) => ({ ms, isCheck }));
        const ids = ordered.map(({ ms, isCheck }) => `${ms}-${isCheck ? 0 : 1}`);
        ordered.forEach(({ isCheck }, index) => {
          const id = ids[index] ?? '';
          seen.accept(isCheck ? check(id) : sample(START_MS, id));
        });
        const after = seen.resumeAfter(0) ?? '';
        const lastOf = (isCheck: boolean) => ordered.findLast((each) => each.isCheck === isCheck)?.ms;
        const [checks, samples] = [lastOf(true), lastOf(false)];
        const newest = Math.max(checks ?? 0, samples ?? 0);
        const oldest = Math.min(checks ?? newest, samples ?? newest);
        const latest = Math.max(oldest, newest - 2000, ordered[0]?.ms ?? 0);
        expect([ids.includes(after), Number.parseInt(after, 10) <= latest]).toEqual([true, true]);
      }),
    );
  });

  it('SC-19: an old entry of a snapshot before all others, not gone back to', () => {
    const seen = createSeenIds(null);
    seen.restate(check('1000-0'));
    for (const id of ['900000-0', '900400-0']) seen.accept(sample(START_MS, id));
    expect(seen.resumeAfter(0)).toBe('900000-0');
  });

  it('SC-29: pinned, resumes from there whatever comes, until it is unpinned', () => {
    const seen = createSeenIds(null);
    for (const id of ['1000-0', '4000-0', '6000-0']) seen.accept(sample(START_MS, id));
    seen.pin();
    seen.accept(sample(START_MS, '90000-0'));
    seen.pin();
    expect(seen.resumeAfter(0)).toBe('4000-0');
    seen.unpin();
    expect(seen.resumeAfter(0)).toBe('90000-0');
  });

  it('SC-29: pinned before anything came, resumes after what it was given', () => {
    const seen = createSeenIds('5-0');
    seen.pin();
    seen.accept(sample(START_MS, '90000-0'));
    expect(seen.resumeAfter(0)).toBe('5-0');
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
