import { createHash } from 'node:crypto';
import { findApiKey, parseApiKeys } from '@pulsewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfMore, timeTells } from './testing/timing.js';

/** Long, so that a comparison that stops at the first difference has something to save. */
const KEY_LENGTH = 4096;
const NAMES = Array.from({ length: 20 }, (_, index) => `key-${index}`);
const KEYS = NAMES.map((name) => ({ name, value: flat(`${name}-`.padEnd(KEY_LENGTH, name)) }));
const PARSED = parseApiKeys(KEYS.map(({ name, value }) => `${name}:${value}`).join(','));
const [FIRST, LAST] = [KEYS[0]?.value ?? '', KEYS.at(-1)?.value ?? ''];
const RIGHT_BUT_FOR_ITS_END = flat(`${LAST.slice(0, -1)}!`);
const WRONG_FROM_ITS_BEGINNING = flat(`!${LAST.slice(1)}`);
/** Far outside of what chance does to 2,000 samples (a standard deviation is 0.009), far below what a leak shows. */
const TELLS_NOTHING = 0.08;

function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function find(offered: string): unknown {
  return findApiKey(PARSED, offered);
}

/** How the time for two keys differs, from 0 (not at all) to 0.5. */
function difference(task: (offered: string) => unknown, first: string, second: string): number {
  return Math.abs(timeTells(task, first, second) - 0.5);
}

function findByCharacters(offered: string): unknown {
  return KEYS.find(({ value }) => {
    for (let at = 0; at < value.length; at += 1) if (value[at] !== offered[at]) return false;
    return value.length === offered.length;
  });
}

/** Compares digests, and stops at the one that fits. */
function findFirst(offered: string): unknown {
  const digest = createHash('sha256').update(offered).digest();
  return PARSED.find((key) => key.digest.equals(digest));
}

describe('the time that looking for a key takes', () => {
  it('GW-22: wrong at its end or at its beginning, the same, and the test would tell them apart', () => {
    const keys = [RIGHT_BUT_FOR_ITS_END, WRONG_FROM_ITS_BEGINNING] as const;
    expect(difference(find, ...keys)).toBeLessThan(TELLS_NOTHING);
    expect(difference(findByCharacters, ...keys)).toBeGreaterThan(2 * TELLS_NOTHING);
  });

  it('GW-22: the first of twenty keys or the last, the same, and the test would tell them apart', () => {
    expect(difference(find, FIRST, LAST)).toBeLessThan(TELLS_NOTHING);
    expect(difference(findFirst, FIRST, LAST)).toBeGreaterThan(2 * TELLS_NOTHING);
  });

  it('GW-22: the share of larger samples, as counted pair by pair', () => {
    const numbers = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(numbers, numbers, (first, second) => {
        const pairs = first.flatMap((a) => second.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
        const share = pairs.reduce((sum, won) => sum + won, 0) / pairs.length;
        return Math.abs(chanceOfMore(first, second) - share) < 1e-9;
      }),
    );
  });
});
