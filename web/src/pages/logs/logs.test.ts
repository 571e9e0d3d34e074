import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEntry } from '../../testing/history.test-support.js';
import { mergeLists } from './load-logs.js';
import { createMatcher, LEVELS, type LogFilter, type LogLine, splitMatches } from './log-line.js';
import { readLogsState, writeLogsState } from './logs-state.js';

const ALL: LogFilter = { service: null, levels: LEVELS, search: '' };
const seqs = (lines: readonly LogLine[]) => lines.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('log lines', () => {
  it.each([
    [{ ...ALL, service: 'shop' }, true],
    [{ ...ALL, service: 'other' }, false],
    [{ ...ALL, levels: ['error', 'info'] as const }, true],
    [{ ...ALL, levels: ['error'] as const }, false],
    [{ ...ALL, search: 'LINE' }, true],
    [{ ...ALL, search: 'lines' }, false],
  ])('WB-140: filter %j, lets the line through: %s', (filter, expected) => {
    expect(createMatcher(filter)(logEntry(1))).toBe(expected);
  });

  it('WB-140: any message and search, its pieces are the message, every other one what was searched for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (message, search) => {
        const pieces = splitMatches(message, search);
        expect(pieces.join('')).toBe(message);
        const found = pieces.filter((_, index) => index % 2 === 1).map((piece) => piece.toLowerCase());
        expect(found.every((piece) => piece === search.toLowerCase())).toBe(true);
      }),
    );
  });

  it('WB-146: whatever is shown, is shown again by its address', () => {
    const state = fc.record({
      service: fc.option(fc.string({ minLength: 1 })),
      levels: fc.subarray([...LEVELS], { minLength: 1 }),
      search: fc.string(),
      atMs: fc.option(fc.integer({ min: 0, max: 4e12 })),
      wrap: fc.boolean(),
    });
    fc.assert(
      fc.property(state, (shown) => {
        expect(readLogsState(writeLogsState(shown))).toEqual(shown);
      }),
    );
  });
});

describe('lines of several levels', () => {
  it('WB-143: several lists, are one page in order of place, and the next begins after it', () => {
    const odd = range(0, 100).map((n) => logEntry(200 - 2 * n - 1));
    const even = range(0, 100).map((n) => logEntry(200 - 2 * n));
    const page = mergeLists([
      { data: odd, next_before: null },
      { data: even, next_before: 'more' },
    ]);
    expect(seqs(page.lines)).toEqual(range(101, 201));
    expect(page.before).toBe(page.lines[0]?.cursor);
  });

  it('WB-143: all lists at their end, is the end', () => {
    expect(mergeLists([{ data: [logEntry(1)], next_before: null }]).before).toBeNull();
  });

  it('WB-143: places of different lengths, are ordered as numbers', () => {
    const data = [logEntry(2, { cursor: '1000-9' }), logEntry(1, { cursor: '999-10' })];
    expect(seqs(mergeLists([{ data, next_before: null }]).lines)).toEqual([1, 2]);
  });
});
