import { describe, expect, it } from 'vitest';
import { loadScript } from './load-script.js';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
interface TestCounts {
  countResults(report: unknown, exitCode: number): Counts;
  isSuccess(counts: Counts, skipsFail: boolean): boolean;
  renderCounts(counts: Counts): string;
  skippedTitles(report: unknown): string[];
}

const { countResults, isSuccess, renderCounts, skippedTitles } =
  await loadScript<TestCounts>('lib/test-counts.mjs');

function report(...files: [status: string, ...tests: string[]][]) {
  return {
    testResults: files.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  };
}

describe('counting test results', () => {
  it('BS-1: a file that did not load, counts as one failure', () => {
    const counts = countResults(report(['passed', 'passed', 'passed'], ['failed']), 1);
    expect(renderCounts(counts)).toBe('2 passed, 1 failed');
    expect(isSuccess(counts, false)).toBe(false);
  });

  it('BS-1: a failed file with failed tests, counts its tests only', () => {
    const counts = countResults(report(['failed', 'passed', 'failed', 'failed']), 1);
    expect(renderCounts(counts)).toBe('1 passed, 2 failed');
  });

  it('BS-1: a run that failed outside all tests, counts as one failure', () => {
    expect(renderCounts(countResults(report(['passed', 'passed']), 1))).toBe('1 passed, 1 failed');
  });

  it('BS-2: nothing executed, no success', () => {
    const counts = countResults(report(), 0);
    expect(renderCounts(counts)).toBe('0 passed, 0 failed');
    expect(isSuccess(counts, false)).toBe(false);
  });

  it('BS-3: skipped, pending and todo tests, are told and fail where skips must not be', () => {
    const counts = countResults(report(['passed', 'passed', 'skipped', 'pending', 'todo']), 0);
    expect(renderCounts(counts)).toBe('1 passed, 0 failed, 3 skipped');
    expect(isSuccess(counts, false)).toBe(true);
    expect(isSuccess(counts, true)).toBe(false);
  });

  it('BS-3: a skipped test, is named with the groups around it', () => {
    const assertionResults = [
      { status: 'passed', ancestorTitles: [], title: 'a' },
      { status: 'skipped', ancestorTitles: ['Docker [skipped: needs root]'], title: 'b' },
    ];
    const titles = skippedTitles({ testResults: [{ status: 'passed', assertionResults }] });
    expect(titles).toEqual(['Docker [skipped: needs root] > b']);
  });
});
