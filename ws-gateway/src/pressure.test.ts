import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closePressure,
  createPressure,
  judgePressure,
  type Pressure,
  type PressureAction,
  type PressureFacts,
  resetPressure,
} from './pressure.js';

const KIB = 1024;
const STEP_MS = 250;
const KNOWN = { awaitsFirst: false, isNew: false, isAtFirst: false, leastMs: 1 };
const NEVER_ANSWERED = { ...KNOWN, answeredMs: Number.NEGATIVE_INFINITY, gapBytes: 0, lateMs: 0 };

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
  const nothing = { unsentBytes: 0, heldBytes: 0, snapshotBytes: 0, answeredMs: 0, gapBytes: 0 };
  return { ...KNOWN, ...nothing, lateMs: 1, ...change };
}

/** Of one behind which more piles up there than may: what it takes to thin it. */
const BEHIND = answering({ unsentBytes: 300 * KIB });
const FALLS_BEHIND = [BEHIND, BEHIND, BEHIND];

/** Of a client that has not answered hello, looked at every 110 ms: what is done, and how many KiB may go out. */
function judgeClosed(looks: readonly Omit<PressureFacts, 'nowMs'>[]): string[] {
  let pressure = closePressure(createPressure(0));
  return looks.map((look, index) => {
    const { next, action } = judgePressure(pressure, { ...look, nowMs: index * 110 });
    pressure = next;
    return `${action} ${next.releaseBytes / KIB}`;
  });
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
    const looks = Array.from({ length: 3 }, () => answering({ unsentBytes: 5000 * KIB }));
    expect(judgeFacts(looks)).toEqual(['none', 'none', 'thin']);
  });

  it('GW-96: more than 256 KiB in the kernel at one look and read at the next, however long it takes, nothing', () => {
    const { next, action } = judgePressure(createPressure(0), { ...BEHIND, nowMs: 10_000 });
    const read = judgePressure(next, { ...answering({}), nowMs: 10_250 });
    const again = judgePressure(read.next, { ...BEHIND, nowMs: 20_000 });
    expect([action, read.action, again.action]).toEqual(['none', 'none', 'none']);
  });

  it('GW-96: more than 256 KiB in the kernel at two looks a moment apart, nothing before the third', () => {
    const { next, action } = judgePressure(createPressure(0), { ...BEHIND, nowMs: 1 });
    const second = judgePressure(next, { ...BEHIND, nowMs: 2 });
    const third = judgePressure(second.next, { ...BEHIND, nowMs: 252 });
    expect([action, second.action, third.action]).toEqual(['none', 'none', 'thin']);
  });

  it('GW-96: next to nothing read, and the gateway stood still for seconds, nothing before the next look', () => {
    const look = answering({ isNew: true, isAtFirst: true, unsentBytes: 5000, lateMs: null });
    const { next, action } = judgePressure(createPressure(0), { ...look, nowMs: 5000 });
    expect([action, judgePressure(next, { ...look, nowMs: 5250 }).action]).toEqual(['none', 'thin']);
  });

  it('GW-96: nothing taken, thinned after 5 s and cut off after 30 s', () => {
    const actions = judgeAll(Array.from({ length: 122 }, () => 1));
    expect([actions.indexOf('thin') * STEP_MS, actions.indexOf('cutOff') * STEP_MS]).toEqual([5000, 30_000]);
  });

  it.each([
    ['new, thinned after 1 s', true, 1000],
    ['not new, after 5 s', false, 5000],
  ])('GW-96: no answer and %s', (_situation, isNew, thinnedMs) => {
    const actions = judgeFacts(
      Array.from({ length: 30 }, () => answering({ isNew, unsentBytes: 20_000, lateMs: null })),
    );
    expect(actions.indexOf('thin') * STEP_MS).toBe(thinnedMs);
  });

  it('GW-103: no answer yet, nothing for two looks and then 4 KiB once', () => {
    const unanswered = answering({ awaitsFirst: true, unsentBytes: 1, lateMs: null });
    expect(judgeClosed([unanswered, unanswered, unanswered, unanswered])).toEqual([
      'none 4',
      'none 4',
      'trickle 4',
      'none 4',
    ]);
  });

  it.each([
    [300, 5000, 750],
    [600, 5000, 1000],
    [300, 4 * KIB, 1000],
  ])(
    'GW-96: next to nothing read, at best %d ms there and back, %d bytes unsent, thinned after %d ms',
    (leastMs, unsentBytes, thinnedMs) => {
      const look = answering({ isNew: true, isAtFirst: true, leastMs, unsentBytes, lateMs: null });
      const actions = judgeFacts(Array.from({ length: 30 }, () => look));
      expect(actions.indexOf('thin') * STEP_MS).toBe(thinnedMs);
    },
  );

  it('GW-103: answered before that, released', () => {
    expect(judgeClosed([answering({ lateMs: 0 })])).toEqual(['release 128']);
  });

  it.each([
    ['not more than 1 s later than hello, all', 1000, 'release 128'],
    ['later, 2 KiB', 1001, 'trickle 2'],
  ])('GW-103: what it got is answered %s', (_situation, lateMs, expected) => {
    const unanswered = answering({ awaitsFirst: true, unsentBytes: 1, lateMs: null });
    expect(judgeClosed([unanswered, unanswered, unanswered, answering({ lateMs })]).at(-1)).toBe(expected);
  });

  it('GW-103: the gateway stood still for seconds, nothing before the next look', () => {
    const look = answering({ awaitsFirst: true, unsentBytes: 1, lateMs: null });
    const { next, action } = judgePressure(closePressure(createPressure(0)), { ...look, nowMs: 5000 });
    expect([action, judgePressure(next, { ...look, nowMs: 5110 }).action]).toEqual(['none', 'trickle']);
  });

  it.each([
    ['2 s late, something unsent', 2000, 20_000, 'none'],
    ['more than 2 s late, something unsent', 2001, 20_000, 'thin'],
    ['more than 2 s late, nothing unsent any more', 2001, 0, 'none'],
  ] as const)('GW-96: a mark came back %s', (_situation, lateMs, unsentBytes, expected) => {
    expect(judgeFacts([answering({ lateMs, unsentBytes })])).toEqual([expected]);
  });

  it.each([
    [20_000, 50_000],
    [64 * KIB, 30_000 + 64 * KIB],
    [5000 * KIB, 30_000 + 64 * KIB],
  ])('GW-91: %d bytes between two marks, cut off after %d ms', (gapBytes, cutOffMs) => {
    const actions = judgeFacts(
      Array.from({ length: 400 }, () => answering({ unsentBytes: 20_000, gapBytes, lateMs: null })),
    );
    expect(actions.indexOf('cutOff')).toBe(Math.ceil(cutOffMs / STEP_MS));
  });

  it('GW-91: the gateway stood still for minutes, nobody is thinned or cut off for that', () => {
    const look = answering({ isNew: true, unsentBytes: 20_000, lateMs: null });
    const { next } = judgePressure(createPressure(0), { ...look, nowMs: 250 });
    expect(judgePressure(next, { ...look, nowMs: 300_000 }).action).toBe('none');
  });

  it('GW-91: a mark answered every 29 s, never cut off', () => {
    const looks = Array.from({ length: 600 }, (_, index) => {
      const answeredMs = Math.floor((index * STEP_MS) / 29_000) * 29_000;
      return answering({ unsentBytes: 200 * KIB, answeredMs, lateMs: null });
    });
    expect(judgeFacts(looks)).not.toContain('cutOff');
  });

  it('GW-102: thinned, the mark that is waited for is under way, nothing is released', () => {
    const actions = judgeFacts([...FALLS_BEHIND, answering({ lateMs: null })]);
    expect(actions.slice(2)).toEqual(['thin', 'none']);
  });

  it.each([
    ['thrice in 1 s', [1000, 1000, 1000, 1000], ['trickle 32', 'trickle 64', 'release 128', 'release 128']],
    ['once in more', [1000, 1001, 1000, 1000], ['trickle 32', 'trickle 16', 'trickle 32', 'trickle 64']],
    ['ever in more', [5000, 5000, 5000, 5000], ['trickle 8', 'trickle 4', 'trickle 2', 'trickle 2']],
  ] as const)('GW-102: thinned, released and read %s, KiB that go out next', (_situation, late, expected) => {
    const thin = { ...answering({ unsentBytes: 300 * KIB, heldBytes: 300 * KIB }), nowMs: 0 };
    let { next } = judgePressure(createPressure(0), thin);
    const seen = late.map((lateMs, index) => {
      const judged = judgePressure(next, { ...answering({ lateMs }), nowMs: 250 * (index + 1) });
      next = judged.next;
      return `${judged.action} ${next.releaseBytes / KIB}`;
    });
    expect(seen).toEqual(expected);
  });

  it('GW-102: thinned in a stream that is never thinned, of which something is always unsent, it gets on', () => {
    const unsent = { unsentBytes: 200 * KIB, lateMs: 0 };
    const looks = [...FALLS_BEHIND, ...Array.from({ length: 3 }, () => answering(unsent))];
    expect(judgeFacts(looks).slice(2)).toEqual(['thin', 'trickle', 'trickle', 'release']);
  });

  it('GW-102: more than 256 KiB unsent, it stays thinned however quick it is', () => {
    const behind = { unsentBytes: 300 * KIB, lateMs: 0 };
    const looks = Array.from({ length: 7 }, () => answering(behind));
    expect(judgeFacts(looks).at(-1)).toBe('trickle');
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

describe('who has everything', () => {
  it('GW-105: whatever it was like before, it is as if it were new', () => {
    const before = judgePressure(closePressure(createPressure(0)), {
      ...NEVER_ANSWERED,
      unsentBytes: 300 * KIB,
      heldBytes: 300 * KIB,
      snapshotBytes: 0,
      nowMs: 500,
    }).next;
    const changed = { ...before, releaseBytes: 1 };
    resetPressure(changed, 1000);
    expect(changed).toEqual(createPressure(1000));
  });
});
