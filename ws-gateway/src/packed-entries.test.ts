import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPackedEntries } from './packed-entries.js';

const MORE_THAN_A_BLOCK = 1000;
const LARGER_THAN_A_BLOCK = 100_000;

function filled(count: number) {
  const entries = createPackedEntries();
  for (let n = 0; n < count; n += 1) entries.push(`${n}-0`, Buffer.from(`body ${n}`), n);
  return entries;
}

describe('packed entries', () => {
  it('GW-38: any entries pushed and dropped, those that are left come back as they were', () => {
    const size = fc.oneof(fc.nat(300), fc.constant(LARGER_THAN_A_BLOCK));
    const step = fc.oneof(
      size.map((bytes) => ({ bytes })),
      fc.constant({ drop: true as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const entries = createPackedEntries();
        const expected: { id: string; bytes: Buffer }[] = [];
        for (const [index, each] of steps.entries()) {
          if ('drop' in each) {
            expect(entries.shift()?.bytes ?? null).toBe(expected.shift()?.bytes.length ?? null);
            continue;
          }
          const entry = { id: `${index}-${index % 3}`, bytes: Buffer.alloc(each.bytes, index % 251) };
          entries.push(entry.id, entry.bytes, index);
          expected.push(entry);
        }
        const isKept = expected.map(({ id, bytes }, index) => {
          const kept = entries.at(entries.first() + index);
          return kept?.id === id && kept.bytes.equals(bytes);
        });
        expect(isKept).toEqual(Array.from({ length: entries.next() - entries.first() }, () => true));
      }),
    );
  });

  it('GW-38: a place, the number of the first entry after it', () => {
    const entries = filled(MORE_THAN_A_BLOCK);
    for (let n = 0; n < 300; n += 1) entries.shift();
    const after = [-1, 299, 300, 700, 998, 999].map((ms) => entries.numberAfter({ ms, sequence: 0 }));
    expect(after).toEqual([300, 300, 301, 701, 999, 1000]);
  });

  it('GW-38: an entry that is dropped after it was read, still reads the same', () => {
    const entries = filled(MORE_THAN_A_BLOCK);
    const read = entries.at(5);
    while (entries.shift() !== null);
    for (let n = 0; n < MORE_THAN_A_BLOCK; n += 1) entries.push(`${n + 5000}-0`, Buffer.alloc(90, 'x'), n);
    expect([read?.bytes.toString(), entries.at(5)]).toEqual(['body 5', null]);
  });

  it('GW-38: the time of the oldest, infinite without one', () => {
    const entries = filled(2);
    const times = [0, 1, 2].map(() => {
      const oldestMs = entries.oldestMs();
      entries.shift();
      return oldestMs;
    });
    expect(times).toEqual([0, 1, Number.POSITIVE_INFINITY]);
  });
});
