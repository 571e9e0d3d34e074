import { describe, expect, it } from 'vitest';
import { deriveResumeAfter, LOG_START, reachesBack } from './log-position.js';

describe('log position', () => {
  it('RT-130: a log that goes on from the position, is read after it', () => {
    expect(deriveResumeAfter('5-0', '9-0', false)).toBe('5-0');
  });

  it('RT-131: a position that the log has or has not, tells whether entries after it may be missing', () => {
    const facts = { trimmed: true };
    expect(reachesBack('5-0', { ...facts, contains: true })).toBe(true);
    expect(reachesBack('5-0', { ...facts, contains: false })).toBe(false);
  });

  it('RT-132: an empty log, is read from its start', () => {
    expect(deriveResumeAfter('5-0', LOG_START, false)).toBe(LOG_START);
  });

  it('RT-133: a new log under a clock that went back, is read from its start', () => {
    expect(deriveResumeAfter('5-0', '3-0', false)).toBe(LOG_START);
  });

  it('RT-134: an older copy of the log whose newest entry was delivered, is not delivered again', () => {
    expect(deriveResumeAfter('5-0', '3-0', true)).toBe('3-0');
  });

  it('RT-135: asking from the beginning, reaches back unless entries were trimmed', () => {
    const answers = [null, LOG_START].flatMap((after) =>
      [true, false].map((trimmed) => reachesBack(after, { contains: false, trimmed })),
    );
    expect(answers).toEqual([false, true, false, true]);
  });
});
