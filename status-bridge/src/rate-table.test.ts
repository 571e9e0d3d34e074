import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateTable } from './rate-table.js';

const RATE = { perMinute: 60, burst: 3 };

describe('rate table', () => {
  it('SB-22: a burst, then one a second, and how long to wait', () => {
    const table = createRateTable(RATE);
    expect([0, 0, 0, 0, 999, 1000, 1000].map((nowMs) => table.spend('a', nowMs))).toEqual([
      0, 0, 0, 1000, 1, 0, 1000,
    ]);
  });

  it('SB-22: names, each with a budget of its own', () => {
    const table = createRateTable({ perMinute: 1, burst: 1 });
    expect([table.spend('a', 0), table.spend('a', 0), table.spend('b', 0)]).toEqual([0, 60_000, 0]);
  });

  it('SB-22: more names than are kept, the one that spent longest ago is forgotten', () => {
    const table = createRateTable({ perMinute: 1, burst: 1 }, 2);
    for (const name of ['a', 'b', 'a', 'c']) table.spend(name, 0);
    expect([table.spend('a', 0) > 0, table.spend('b', 0)]).toEqual([true, 0]);
  });

  it('SB-22: however requests come, never more than burst and rate together', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 });
    fc.assert(
      fc.property(pauses, (gaps) => {
        const table = createRateTable(RATE);
        let nowMs = 0;
        let granted = 0;
        for (const gap of gaps) {
          nowMs += gap;
          if (table.spend('a', nowMs) === 0) granted += 1;
        }
        expect(granted).toBeLessThanOrEqual(RATE.burst + nowMs / 1000);
      }),
    );
  });
});
