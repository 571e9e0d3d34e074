import { describe, expect, it } from 'vitest';
import { clientsAllowed } from './open-files.js';

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';

describe('the limit of open files', () => {
  it.each([
    ['1024                 4096                 files', 960],
    ['10                   10                   files', 0],
    ['unlimited            unlimited            files', null],
  ])('GW-109: %s, leaves room for %s clients', (limit, expected) => {
    expect(clientsAllowed(`${HEAD}Max processes 7 7 processes\nMax open files            ${limit}\n`)).toBe(
      expected,
    );
  });

  it('GW-109: a system that tells no limits, no number', () => {
    expect(clientsAllowed('')).toBeNull();
  });
});
