import { describe, expect, it } from 'vitest';
import { environmentInMain, timersAtEdges, wireNamesInSchema } from './edges.js';
import { judge, readFixture, reportedLines } from './lib/guard.js';

describe('edges', () => {
  it('AR-4: nobody but a clock touches the timers of the platform', () => {
    expect(judge(timersAtEdges)).toEqual([]);
  });

  it('AR-4: raw timers are rejected, words in comments and texts are not', () => {
    const { file, rejectedLines } = readFixture('raw-timers.ts.txt');
    expect(reportedLines(timersAtEdges, file)).toEqual(rejectedLines);
  });

  it('AR-5: nobody but main.ts reads the environment', () => {
    expect(judge(environmentInMain)).toEqual([]);
  });

  it('AR-5: every way to the environment is rejected', () => {
    const { file, rejectedLines } = readFixture('reads-environment.ts.txt');
    expect(reportedLines(environmentInMain, file)).toEqual(rejectedLines);
  });

  it('AR-6: names of the wire are written in shared-schema only', () => {
    expect(judge(wireNamesInSchema)).toEqual([]);
  });

  it('AR-6: channels, paths, protocols and close codes are rejected elsewhere', () => {
    const { file, rejectedLines } = readFixture('wire-literals.ts.txt');
    expect(reportedLines(wireNamesInSchema, file)).toEqual(rejectedLines);
  });
});
