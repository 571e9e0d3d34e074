import { describe, expect, it } from 'vitest';
import { sayFailure } from './say-failure.js';

describe('why a database could not be opened', () => {
  it.each([
    ['a full disk', { name: 'ErrnoError', errno: 51 }, 'no space left on the disk'],
    ['another number', { name: 'ErrnoError', errno: 7 }, 'the file system answered with error 7'],
    ['an error', new Error('version 15'), 'version 15'],
    ['something else', 'aborted', 'aborted'],
  ])('ST-42: %s, is told in words', (_, thrown, said) => {
    expect(sayFailure(thrown)).toBe(said);
  });
});
