import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iso } from '../../testing/fake-stream.test-support.js';
import { logEntry } from '../../testing/history.test-support.js';
import { createManualPageClock, START_MS } from '../../testing/manual-clock.test-support.js';
import { layOutEven } from './log-layout.js';
import { LEVELS, type LogFilter, type LogLine } from './log-line.js';
import { KEPT_LENGTH, LIVE_KEPT, LogModel } from './log-model.js';
import { deriveVisibleRows, isAtEnd } from './visible-rows.js';

const ALL: LogFilter = { service: null, levels: LEVELS, search: '' };
const seqs = (lines: readonly LogLine[]) => lines.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function createModel(filter: LogFilter = ALL) {
  const clock = createManualPageClock();
  const model = new LogModel(clock, filter);
  const settle = () => {
    clock.advance(200);
    return model.view();
  };
  return { model, settle };
}

describe('lines kept', () => {
  it('WB-142: a line that the database and the feed have, is there once', () => {
    const { model, settle } = createModel();
    for (const seq of [3, 4]) model.receive(logEntry(seq));
    model.prepend([1, 2, 3].map((seq) => logEntry(seq)));
    expect(seqs(settle().lines)).toEqual([1, 2, 3, 4]);
  });

  it('WB-141: older lines, are counted in the shift, so that the screen stays', () => {
    const { model, settle } = createModel();
    model.receive(logEntry(3));
    model.prepend([logEntry(1), logEntry(2)]);
    expect(settle().shift).toBe(2);
  });

  it('WB-141: more lines than are kept, the oldest go, older ones of the database first', () => {
    const { model, settle } = createModel();
    model.prepend([logEntry(-1)]);
    for (const seq of range(0, LIVE_KEPT * 1.2)) model.receive(logEntry(seq));
    const { lines, shift, received } = settle();
    expect(lines.length).toBeLessThanOrEqual(LIVE_KEPT * 1.1);
    expect(lines.at(-1)?.seq).toBe(LIVE_KEPT * 1.2 - 1);
    expect([received, shift]).toEqual([LIVE_KEPT * 1.2, lines.length - LIVE_KEPT * 1.2]);
  });

  it('WB-140: another filter, finds live lines that the former one hid', () => {
    const { model, settle } = createModel({ ...ALL, levels: ['error'] });
    model.receive(logEntry(1));
    expect(settle().lines).toEqual([]);
    model.setFilter(ALL);
    expect(seqs(settle().lines)).toEqual([1]);
  });

  it('WB-145: many lines at once, subscribers are told at most every 200 ms', () => {
    const { model, settle } = createModel();
    let told = 0;
    model.subscribe(() => {
      told += 1;
    });
    for (const seq of range(0, 200)) model.receive(logEntry(seq));
    settle();
    expect(told).toBe(1);
  });

  it('WB-145: any scroll position, draws what is on the screen and little more', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(100_000),
        (scroll, height, count) => {
          const { first, end } = deriveVisibleRows(scroll, height, layOutEven(count, 22));
          expect(first >= 0 && first <= end && end <= count).toBe(true);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / 22) + 26);
        },
      ),
    );
    expect(isAtEnd(978, 22, 1000, 22)).toBe(true);
    expect(isAtEnd(100, 22, 1000, 22)).toBe(false);
  });

  it('WB-142: the database answers before the feed goes back, each line is there once and in order', () => {
    const { model, settle } = createModel();
    model.prepend([4, 5, 6].map((seq) => logEntry(seq)));
    for (const seq of range(2, 8)) model.receive(logEntry(seq));
    expect(seqs(settle().lines)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('WB-141: long lines, are bounded by their length too', () => {
    const { model, settle } = createModel();
    const message = 'x'.repeat(30_000);
    for (const seq of range(0, 1000)) model.receive(logEntry(seq, { message }));
    const { lines } = settle();
    expect(lines.length * message.length).toBeLessThanOrEqual(KEPT_LENGTH);
    expect(lines.at(-1)?.seq).toBe(999);
  });

  it('WB-148: dropped lines, are those up to which the database is to be asked', () => {
    const { model } = createModel();
    const time = (seq: number) => ({ timestamp: iso(START_MS + seq) });
    for (const seq of range(0, LIVE_KEPT * 1.1 + 1)) model.receive(logEntry(seq, time(seq)));
    expect(model.lackingUntilMs).toBe(START_MS + LIVE_KEPT / 10 - 1);
  });

  it('WB-149: held, new lines are counted and not shown, and older ones are', () => {
    const { model, settle } = createModel();
    for (const seq of [3, 4]) model.receive(logEntry(seq));
    model.hold();
    model.receive(logEntry(5));
    model.prepend([logEntry(2)]);
    expect([seqs(settle().lines), settle().heldBack]).toEqual([[2, 3, 4], 1]);
    model.release();
    expect([seqs(settle().lines), settle().heldBack]).toEqual([[2, 3, 4, 5], null]);
  });

  it('WB-149: held for longer than lines are kept, nothing moves, and then no hole is shown', () => {
    const { model, settle } = createModel();
    model.prepend([logEntry(1)]);
    model.receive(logEntry(2));
    model.hold();
    for (const seq of range(3, LIVE_KEPT * 1.2)) model.receive(logEntry(seq));
    expect(seqs(settle().lines)).toEqual([1, 2]);
    model.release();
    const [first = 0] = seqs(settle().lines);
    expect(first).toBeGreaterThan(2);
    expect(seqs(settle().lines)).toEqual(range(first, LIVE_KEPT * 1.2));
  });
});
