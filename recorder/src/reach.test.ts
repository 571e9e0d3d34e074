import { describe, expect, it } from 'vitest';
import { deriveReachMs } from './reach.js';

describe('reach', () => {
  it('RC-20: entries before the position, the time between them and it', () => {
    expect(deriveReachMs('90000-3', '30000-0', true)).toBe(60_000);
  });

  it('RC-20: entries after the position were dropped, none', () => {
    expect(deriveReachMs('90000-3', '95000-0', false)).toBe(0);
  });

  it('RC-20: nothing recorded, or nothing in the log, not known', () => {
    expect(deriveReachMs(null, '1-0', true)).toBeNull();
    expect(deriveReachMs('1-0', null, true)).toBeNull();
  });
});
