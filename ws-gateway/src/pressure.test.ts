import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPressure, judgePressure, type Pressure, type PressureAction } from './pressure.js';

const KIB = 1024;
const STEP_MS = 250;

/** The actions for unsent bytes that are looked at every 250 ms. */
function judgeAll(unsent: readonly number[], snapshotBytes = 0): PressureAction[] {
  let pressure: Pressure = createPressure(0);
  return unsent.map((unsentBytes, index) => {
    const judged = judgePressure(pressure, { unsentBytes, snapshotBytes, nowMs: index * STEP_MS });
    pressure = judged.next;
    return judged.action;
  });
}

describe('pressure', () => {
  it.each([
    ['nothing unsent', [0, 0], 'none'],
    ['exactly 256 KiB', [256 * KIB], 'none'],
    ['more than 256 KiB', [256 * KIB + 1], 'thin'],
    ['thinned, and still much unsent', [300 * KIB, 290 * KIB], 'none'],
    ['thinned, and little unsent', [300 * KIB, 100 * KIB], 'release'],
    ['thinned, little unsent and no progress', [300 * KIB, 100 * KIB, 100 * KIB], 'none'],
    ['thinned, and all sent', [300 * KIB, 0, 0], 'release'],
    ['more than 1 MiB', [1024 * KIB + 1], 'cutOff'],
  ] as const)('GW-96: %s', (_situation, unsent, expected) => {
    expect(judgeAll(unsent).at(-1)).toBe(expected);
  });

  it('GW-91: a large snapshot comes on top of what may be unsent', () => {
    expect(judgeAll([2000 * KIB], 1000 * KIB)).toEqual(['thin']);
  });

  it('GW-96: nothing taken, thinned after 15 s and cut off after 30 s', () => {
    const actions = judgeAll(Array.from({ length: 122 }, () => 1));
    expect([actions.indexOf('thin') * STEP_MS, actions.indexOf('cutOff') * STEP_MS]).toEqual([
      15_000, 30_000,
    ]);
  });

  it('GW-96: more is added than is taken, thinned and then, as less is added, kept', () => {
    const filling = Array.from({ length: 70 }, (_, index) => 1000 + index);
    const emptying = Array.from({ length: 70 }, (_, index) => 1070 - index);
    expect(judgeAll([...filling, ...emptying])).not.toContain('cutOff');
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
