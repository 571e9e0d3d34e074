import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSteady, STEADY_MS, type Steady, type SteadyAction } from './steady.js';

interface Seen {
  text: string;
  sinceMs: number;
}

/** What was done at each look. */
function judgeAll(looks: readonly Seen[]): SteadyAction[] {
  let steady: Steady = { taken: 'old', seen: null };
  return looks.map(({ text, sinceMs }) => {
    const { next, action } = judgeSteady(steady, text, sinceMs);
    steady = next;
    return action;
  });
}

describe('what others write', () => {
  it.each([
    ['as it was', [['old', 0]], ['none']],
    [
      'steady',
      [
        ['new', 0],
        ['new', 500],
        ['new', 1000],
      ],
      ['again', 'take', 'none'],
    ],
    [
      'looked at too soon',
      [
        ['new', 0],
        ['new', 499],
      ],
      ['again', 'none'],
    ],
    [
      'growing',
      [
        ['n', 0],
        ['ne', 500],
        ['new', 1000],
        ['new', 1500],
      ],
      ['again', 'again', 'again', 'take'],
    ],
    [
      'as it was again',
      [
        ['', 0],
        ['old', 500],
      ],
      ['again', 'none'],
    ],
  ] as const)('RT-200: %s', (_what, looks, expected) => {
    expect(judgeAll(looks.map(([text, sinceMs]) => ({ text, sinceMs })))).toEqual(expected);
  });

  it('RT-200: whatever is written and whenever it is looked at, taken is what was the same for 500 ms', () => {
    const look = fc.record({ text: fc.constantFrom('old', '', 'n', 'new'), ms: fc.nat(700) });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 60 }), (given) => {
        let nowMs = 0;
        const looks = given.map(({ text, ms }) => {
          nowMs += ms;
          return { text, sinceMs: nowMs };
        });
        return judgeAll(looks).every((action, index) => {
          const { text, sinceMs } = looks[index] ?? { text: '', sinceMs: 0 };
          if (action !== 'take') return true;
          const other = looks.slice(0, index).findLast((each) => each.text !== text);
          const first = looks.find((each) => each.text === text && each.sinceMs >= (other?.sinceMs ?? 0));
          return sinceMs - (first?.sinceMs ?? sinceMs) >= STEADY_MS;
        });
      }),
    );
  });

  it('RT-200: whatever was written before, what stays is taken with the look after the next', () => {
    const before = fc.array(fc.constantFrom('old', '', 'n', 'new'), { maxLength: 20 });
    fc.assert(
      fc.property(before, (texts) => {
        const looks = [...texts, 'last', 'last'].map((text, index) => ({ text, sinceMs: index * STEADY_MS }));
        return judgeAll(looks).at(-1) === 'take';
      }),
    );
  });
});
