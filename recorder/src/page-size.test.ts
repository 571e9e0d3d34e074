import { describe, expect, it } from 'vitest';
import { nextPageEntries, PAGE } from './page-size.js';

const entries = (count: number, length: number) => {
  const bytes = Buffer.alloc(length);
  return Array.from({ length: count }, () => ({ bytes }));
};

describe('nextPageEntries', () => {
  it('RC-13: short messages, twice as many up to the most', () => {
    expect(nextPageEntries(entries(20, 200), 20)).toBe(40);
    expect(nextPageEntries(entries(PAGE.most, 200), PAGE.most)).toBe(PAGE.most);
  });

  it('RC-13: messages of a megabyte, the fewest', () => {
    expect(nextPageEntries(entries(500, 1_048_576), 500)).toBe(PAGE.fewest);
  });

  it('RC-13: messages of 40 kB, as many as fit', () => {
    expect(nextPageEntries(entries(200, 40_000), 200)).toBe(104);
  });

  it('RC-13: a page without messages, the fewest', () => {
    expect(nextPageEntries([], 1000)).toBe(PAGE.fewest);
  });
});
