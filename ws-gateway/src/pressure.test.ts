import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPressure,
  judgePressure,
  type Pressure,
  type PressureAction,
  type PressureFacts,
} from './pressure.js';

const KIB = 1024;
const STEP_MS = 250;
const NEVER_ANSWERED = { answeredMs: Number.NEGATIVE_INFINITY, gapBytes: 0, tookMs: 0 };

/** The actions for facts that are looked at every 250 ms. */
function judgeFacts(looks: readonly Omit<PressureFacts, 'nowMs'>[]): PressureAction[] {
  let pressure: Pressure = createPressure(0);
  return looks.map((look, index) => {
    const judged = judgePressure(pressure, { ...look, nowMs: index * STEP_MS });
    pressure = judged.next;
    return judged.action;
  });
}

/** Of a client that never answered: what is unsent is what the gateway holds. */
function judgeAll(held: readonly number[], snapshotBytes = 0): PressureAction[] {
  return judgeFacts(
    held.map((bytes) => ({ ...NEVER_ANSWERED, unsentBytes: bytes, heldBytes: bytes, snapshotBytes })),
  );
}

/** Of a client that answers, and that the kernel holds everything for. */
function answering(change: Partial<PressureFacts>): Omit<PressureFacts, 'nowMs'> {
  const nothing = { unsentBytes: 0, heldBytes: 0, snapshotBytes: 0, answeredMs: 0, gapBytes: 0, tookMs: 1 };
  return { ...nothing, ...change };
}

describe('pressure', () => {
  it.each([
    ['nothing unsent', [0, 0], 'none'],
    ['exactly 256 KiB', [256 * KIB], 'none'],
    ['more than 256 KiB', [256 * KIB + 1], 'thin'],
    ['thinned, and still unsent', [300 * KIB, 1], 'none'],
    ['thinned, and all sent', [300 * KIB, 0], 'trickle'],
    ['thinned, and all sent three times', [300 * KIB, 0, 0, 0], 'release'],
    ['the same with something unsent meanwhile', [300 * KIB, 0, 0, 1, 0], 'release'],
    ['more than 1 MiB', [1024 * KIB + 1], 'cutOff'],
  ] as const)('GW-96: %s', (_situation, unsent, expected) => {
    expect(judgeAll(unsent).at(-1)).toBe(expected);
  });

  it('GW-91: a large snapshot comes on top of what may be unsent', () => {
    expect(judgeAll([2000 * KIB], 1000 * KIB)).toEqual(['thin']);
  });

  it('GW-91: what the kernel holds for it does not cut off', () => {
    expect(judgeFacts([answering({ unsentBytes: 5000 * KIB })])).toEqual(['thin']);
  });

  it('GW-96: nothing taken, thinned after 15 s and cut off after 30 s', () => {
    const actions = judgeAll(Array.from({ length: 122 }, () => 1));
    expect([actions.indexOf('thin') * STEP_MS, actions.indexOf('cutOff') * STEP_MS]).toEqual([
      15_000, 30_000,
    ]);
  });

  it('GW-91: 20 kB between two marks, 20 s more before it is cut off', () => {
    const actions = judgeFacts(
      Array.from({ length: 202 }, () => answering({ unsentBytes: 20_000, gapBytes: 20_000, tookMs: null })),
    );
    expect(actions.indexOf('cutOff') * STEP_MS).toBe(50_000);
  });

  it('GW-91: a mark answered every 29 s, never cut off', () => {
    const looks = Array.from({ length: 600 }, (_, index) => {
      const answeredMs = Math.floor((index * STEP_MS) / 29_000) * 29_000;
      return answering({ unsentBytes: 200 * KIB, answeredMs, tookMs: null });
    });
    expect(judgeFacts(looks)).not.toContain('cutOff');
  });

  it('GW-102: thinned, the newest mark is under way, nothing is released', () => {
    expect(judgeFacts([answering({ unsentBytes: 300 * KIB }), answering({ tookMs: null })])).toEqual([
      'thin',
      'none',
    ]);
  });

  it.each([
    ['thrice in 1 s', [1000, 1000, 1000, 1000], ['trickle 32', 'trickle 64', 'release 128', 'release 128']],
    ['once in more', [1000, 1001, 1000, 1000], ['trickle 32', 'trickle 16', 'trickle 32', 'trickle 64']],
  ] as const)('GW-102: thinned, released and read %s, KiB that go out next', (_situation, took, expected) => {
    const thin = { ...answering({ unsentBytes: 300 * KIB }), nowMs: 0 };
    let { next } = judgePressure(createPressure(0), thin);
    const seen = took.map((tookMs, index) => {
      const judged = judgePressure(next, { ...answering({ tookMs }), nowMs: 250 * (index + 1) });
      next = judged.next;
      return `${judged.action} ${next.releaseBytes / KIB}`;
    });
    expect(seen).toEqual(expected);
  });

  it('GW-96: any history, cut off above the bound, and never thinned twice or released before', () => {
    const history = fc.array(fc.integer({ min: 0, max: 1500 * KIB }), { maxLength: 200 });
    fc.assert(
      fc.property(history, (unsent) => {
        const actions = judgeAll(unsent);
        const thinnedAt = actions.indexOf('thin');
        return actions.every((action, index) => {
          if ((unsent[index] ?? 0) > 1024 * KIB) return action === 'cutOff';
          if (action === 'thin') return index === thinnedAt;
          return action !== 'release' || (thinnedAt !== -1 && index > thinnedAt);
        });
      }),
    );
  });
});
