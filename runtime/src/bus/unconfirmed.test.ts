import { comparePlaces, placeOf } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnconfirmed } from './unconfirmed.js';

const places = fc.tuple(fc.nat(50), fc.nat(3)).map(([ms, sequence]) => ({ ms, sequence }));
const notes = fc.array(fc.tuple(places, fc.nat(5)), { maxLength: 300 });

describe('what came in since the last barrier', () => {
  it('RT-110: any places, known with exactly the body that they came with', () => {
    fc.assert(
      fc.property(notes, places, fc.nat(5), (noted, place, fingerprint) => {
        const unconfirmed = createUnconfirmed();
        for (const [each, body] of noted) unconfirmed.add(each, body);
        const expected = noted.some(
          ([each, body]) => comparePlaces(each, place) === 0 && body === fingerprint,
        );
        expect(unconfirmed.has(place, fingerprint)).toBe(expected);
      }),
    );
  });

  it('RT-110: after a barrier, nothing before it is known', () => {
    const unconfirmed = createUnconfirmed();
    unconfirmed.add(placeOf('1-0'), 7);
    unconfirmed.clear();
    unconfirmed.add(placeOf('2-0'), 7);
    expect([unconfirmed.has(placeOf('1-0'), 7), unconfirmed.has(placeOf('2-0'), 7)]).toEqual([false, true]);
  });
});
