import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerMark,
  asNew,
  awaitMark,
  awaitsFirstAnswer,
  createMarks,
  hasAnswered,
  isAtFirst,
  isMarkDue,
  isNew,
  lateMs,
  type Marks,
  placeMark,
  renderMark,
  unansweredBytes,
} from './marks.js';

const KIB = 1024;

/** Marks at these positions, one a second, and their payloads. */
function placed(...positions: number[]): { marks: Marks; payloads: string[] } {
  let marks = createMarks();
  const payloads = positions.map((position, index) => {
    marks = placeMark(marks, position, index * 1000);
    return renderMark(marks);
  });
  return { marks, payloads };
}

describe('marks', () => {
  it('GW-101: nothing answered yet, nothing can be said of it', () => {
    const { marks } = placed(300, 70_000);
    expect([hasAnswered(marks), unansweredBytes(marks)]).toEqual([false, 0]);
  });

  it('GW-101: hello is marked, an answer may come for 5 s', () => {
    const { marks, payloads } = placed(300);
    const answered = answerMark(marks, payloads[0] ?? '', 100);
    const awaits = [awaitsFirstAnswer(marks, 4999), awaitsFirstAnswer(marks, 5000)];
    expect([...awaits, awaitsFirstAnswer(answered, 200), awaitsFirstAnswer(createMarks(), 0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('GW-102: hello is answered after the next mark was placed, it counts as the quickest', () => {
    const { marks, payloads } = placed(300, 5000);
    const waiting = answerMark(awaitMark(marks), payloads[0] ?? '', 1100);
    expect([waiting.leastMs, lateMs(answerMark(waiting, payloads[1] ?? '', 7000))]).toEqual([1100, 4900]);
  });

  it('GW-101: the first of three answered, the bytes up to the newest are unanswered', () => {
    const { marks, payloads } = placed(300, 70_000, 100_000);
    expect(unansweredBytes(answerMark(marks, payloads[0] ?? '', 5000))).toBe(99_700);
  });

  it('GW-101: the newest answered, all are', () => {
    const { marks, payloads } = placed(300, 70_000);
    const after = answerMark(marks, payloads[1] ?? '', 5000);
    expect([unansweredBytes(after), after.gapBytes]).toEqual([0, 0]);
  });

  it('GW-101: two marks without a byte between them, the answer to the first is not that to the second', () => {
    const { marks, payloads } = placed(300, 300);
    expect(lateMs(answerMark(awaitMark(marks), payloads[0] ?? '', 5000))).toBe(null);
  });

  it.each([
    ['all answered, 2 s later', 70_000, 1, 3000, 64 * KIB],
    ['all answered, less than 2 s later', 70_000, 1, 2999, 128 * KIB],
    ['the newest unanswered', 70_000, 0, 1500, 16 * KIB],
    ['less than 64 KiB read since it connected', 64 * KIB - 1, 1, 1500, 16 * KIB],
    ['less than 16 KiB read', 16 * KIB - 1, 1, 1500, 4 * KIB],
  ] as const)('GW-101: %s, the next is due after so many bytes', (_situation, at, answered, nowMs, bytes) => {
    const { marks, payloads } = placed(at - 300, at);
    const after = answerMark(marks, payloads[answered] ?? '', 1400);
    expect([isMarkDue(after, at + bytes - 1, nowMs), isMarkDue(after, at + bytes, nowMs)]).toEqual([
      false,
      true,
    ]);
  });

  it('GW-102: a quick answer before, how much later the one that is waited for comes', () => {
    const { marks, payloads } = placed(300);
    const quick = answerMark(awaitMark(marks), payloads[0] ?? '', 400);
    const waiting = awaitMark(placeMark(quick, 5000, 1000));
    const slow = answerMark(waiting, renderMark(waiting), 1700);
    expect([lateMs(quick), lateMs(waiting), lateMs(slow)]).toEqual([0, null, 300]);
  });

  it('GW-96: more than 64 KiB read, new no more until it is to be treated so again', () => {
    const { marks, payloads } = placed(70_000);
    const after = answerMark(marks, payloads[0] ?? '', 400);
    expect([marks, after, asNew(after)].map(isNew)).toEqual([false, false, true]);
  });

  it('GW-96: 16 KiB read, not at first any more until it is to be treated as new again', () => {
    const { marks, payloads } = placed(16 * KIB - 1, 16 * KIB);
    const [before, after] = payloads.map((payload) => answerMark(marks, payload, 400));
    expect([before, after, after && asNew(after)].map((each) => each && isAtFirst(each))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('GW-102: never a quick answer, no more than 2 s count as the way there and back', () => {
    const { marks, payloads } = placed(300);
    expect(lateMs(answerMark(awaitMark(marks), payloads[0] ?? '', 60_000))).toBe(58_000);
  });

  it('GW-102: a later mark is answered, so the one that is waited for is', () => {
    const { marks } = placed(300);
    const later = placeMark(awaitMark(marks), 5000, 1000);
    expect(lateMs(answerMark(later, renderMark(later), 1500))).not.toBe(null);
  });

  it.each(['', '70000.9', '70001.2', '-1.1', '300.1.1', '9'.repeat(125), '\u0000'])(
    'GW-101: a pong with %j, nothing changes',
    (payload) => {
      const { marks } = placed(300, 70_000);
      expect(answerMark(marks, payload, 5000)).toBe(marks);
    },
  );

  it('GW-101: answered twice, the second changes nothing', () => {
    const { marks, payloads } = placed(300, 70_000);
    const once = answerMark(marks, payloads[0] ?? '', 5000);
    expect(answerMark(once, payloads[0] ?? '', 6000)).toBe(once);
  });

  it('GW-101: any writes, answers, losses and forgeries: never less than nothing unanswered, nor more than was marked', () => {
    const step = fc.oneof(
      fc.record({ write: fc.nat(100_000) }),
      fc.record({ answer: fc.nat(20) }),
      fc.record({ forge: fc.tuple(fc.nat(300_000), fc.nat(30)) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let marks = createMarks();
        let written = 0;
        const payloads: string[] = [];
        return steps.every((each, nowMs) => {
          if ('write' in each) {
            written += each.write;
            marks = placeMark(marks, written, nowMs);
            payloads.push(renderMark(marks));
          } else if ('answer' in each) marks = answerMark(marks, payloads[each.answer] ?? '', nowMs);
          else marks = answerMark(marks, each.forge.join('.'), nowMs);
          const unanswered = unansweredBytes(marks);
          const allAnswered = marks.answered === marks.newest;
          return unanswered >= 0 && unanswered <= written && (!allAnswered || unanswered === 0);
        });
      }),
    );
  });

  it('GW-101: whatever order of answers, the newest one answered leaves nothing unanswered', () => {
    const sizes = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat(29)), (positions, order) => {
        const sorted = positions.toSorted((a, b) => a - b);
        const { marks, payloads } = placed(...sorted);
        let after = marks;
        for (const index of [...order.take(10)]) after = answerMark(after, payloads[index] ?? '', 0);
        return unansweredBytes(answerMark(after, payloads.at(-1) ?? '', 0)) === 0;
      }),
    );
  });
});
