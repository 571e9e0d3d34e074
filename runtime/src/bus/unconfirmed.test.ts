import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnconfirmed } from './unconfirmed.js';

const ids = fc.tuple(fc.nat(50), fc.nat(3)).map(([ms, sequence]) => `${ms}-${sequence}`);
const notes = fc.array(fc.tuple(ids, fc.nat(5)), { maxLength: 300 });

describe('what came in since the last barrier', () => {
  it('RT-110: any ids, known with exactly the body that they came with', () => {
    fc.assert(
      fc.property(notes, ids, fc.nat(5), (noted, id, fingerprint) => {
        const unconfirmed = createUnconfirmed();
        for (const [each, body] of noted) unconfirmed.add(each, body);
        const expected = noted.some(([each, body]) => each === id && body === fingerprint);
        expect(unconfirmed.has(id, fingerprint)).toBe(expected);
      }),
    );
  });

  it('RT-110: after a barrier, nothing before it is known', () => {
    const unconfirmed = createUnconfirmed();
    unconfirmed.add('1-0', 7);
    unconfirmed.clear();
    unconfirmed.add('2-0', 7);
    expect([unconfirmed.has('1-0', 7), unconfirmed.has('2-0', 7)]).toEqual([false, true]);
  });
});
