import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveNextAttempt, deriveRetryDelayMs } from './backoff.js';

describe('backoff', () => {
  it('SC-10: without jitter, the steps are exact and the last repeats', () => {
    const delays = [1, 2, 3, 4, 5, 100].map((attempt) => deriveRetryDelayMs(attempt, 0, 0.9));
    expect(delays).toEqual([2000, 5000, 10_000, 30_000, 30_000, 30_000]);
  });

  it('SC-11: with jitter 0.2, any wait is between its step and a fifth more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const stepMs = deriveRetryDelayMs(attempt, 0, 0);
          const delayMs = deriveRetryDelayMs(attempt, 0.2, random);
          expect(delayMs).toBeGreaterThanOrEqual(stepMs);
          expect(delayMs).toBeLessThanOrEqual(stepMs * 1.2);
        },
      ),
    );
  });

  it.each([
    [3, null, 4],
    [3, 1000, 4],
    [3, 0, 1],
  ])('SC-12: attempt %i, connected at %s ms, lost at 10 s: attempt %i', (attempt, connectedAtMs, next) => {
    expect(deriveNextAttempt(attempt, connectedAtMs, 10_000)).toBe(next);
  });
});
