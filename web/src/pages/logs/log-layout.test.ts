import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEntry } from '../../testing/history.test-support.js';
import { EXCERPT_LENGTH, excerptMessage } from './log-excerpt.js';
import { countWrappedLines, layOutEven, MOST_WRAPPED_LINES, WrapMeasure } from './log-layout.js';
import { splitMatches } from './log-line.js';
import { keepPlace } from './visible-rows.js';

const linesOf = (lengths: readonly number[]) =>
  lengths.map((length, seq) => logEntry(seq, { message: 'x'.repeat(length) }));
const measure = () => new WrapMeasure({ rowPx: 22, linePx: 18, columns: 10, search: '' });
const lengths = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 });

describe('what a row shows of a message', () => {
  it('WB-180: any message, is cut to its bound, on one line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 4000 }), fc.string({ maxLength: 5 }), (message, search) => {
        const shown = excerptMessage(message, search);
        expect(shown.length).toBeLessThanOrEqual(EXCERPT_LENGTH + 2);
        expect(shown).not.toMatch(/[\r\n\t]/);
      }),
    );
  });

  it('WB-180: what was searched for far behind, is in the piece that is shown', () => {
    const message = `${'a'.repeat(20_000)}Needle${'b'.repeat(20_000)}`;
    const shown = excerptMessage(message, 'needle');
    expect(shown).toMatch(/^…a+Needleb+…$/);
    expect(excerptMessage(message, '')).toBe(`${'a'.repeat(EXCERPT_LENGTH)}…`);
  });

  it('WB-180: a letter that is everywhere, is marked so often and no more', () => {
    expect(splitMatches('e'.repeat(1000), 'e')).toHaveLength(81);
  });
});

describe('rows of a list', () => {
  it('WB-181: any messages, every row begins where the one before ends, and is found by its height', () => {
    fc.assert(
      fc.property(lengths, fc.nat(10_000), (list, px) => {
        const layout = measure().layOut(linesOf(list));
        for (const index of list.keys())
          expect(layout.topOf(index) + layout.heightOf(index)).toBe(layout.topOf(index + 1));
        expect(layout.topOf(list.length)).toBe(layout.totalPx);
        const index = layout.indexAt(px);
        expect(layout.topOf(index)).toBeLessThanOrEqual(px);
        expect(px < layout.topOf(index + 1) || index === list.length - 1).toBe(true);
      }),
    );
  });

  it.each([
    ['', 1],
    ['x'.repeat(10), 1],
    ['x'.repeat(11), 2],
    ['로그'.repeat(3), 2],
    ['✅'.repeat(6), 2],
    ['─'.repeat(10), 1],
    ['x'.repeat(9000), MOST_WRAPPED_LINES],
  ])('WB-181: a message %#, takes its lines', (message, expected) => {
    expect(countWrappedLines(message, 10)).toBe(expected);
  });

  it('WB-181: lines put before, and wrapping, leave the line at the top where it is', () => {
    fc.assert(
      fc.property(lengths, fc.nat(40), fc.nat(1300), (list, added, px) => {
        const before = layOutEven(list.length, 22);
        const after = measure().layOut(linesOf([...Array.from({ length: added }, () => 50), ...list]));
        const kept = keepPlace(Math.min(px, before.totalPx - 1), before, after, added);
        const index = before.indexAt(Math.min(px, before.totalPx - 1));
        expect(kept).toBeGreaterThanOrEqual(after.topOf(index + added));
        expect(kept).toBeLessThanOrEqual(after.topOf(index + added + 1));
      }),
    );
  });

  it('WB-181: the line at the top dropped, shows the beginning', () => {
    expect(keepPlace(50, layOutEven(10, 22), layOutEven(5, 22), -5)).toBe(0);
  });
});
