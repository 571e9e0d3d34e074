import { parseApiKeys } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { judgeKeys } from './key-changes.js';

const ONE = 'one-key-0123456789';
const TWO = 'two-key-0123456789';

describe('keys that are replaced', () => {
  it.each([
    ['the same', `a:${ONE}`, 'kept'],
    ['the same topics', `a:${ONE}:topics=alerts+metrics`, 'kept', `a:${ONE}:topics=metrics+alerts`],
    ['gone', `b:${TWO}`, 'revoked'],
    ['its name for another key', `a:${TWO}`, 'revoked'],
    ['its key under another name', `b:${ONE}`, 'revoked'],
    ['fewer topics', `a:${ONE}:topics=alerts`, 'changed'],
    ['all topics', `a:${ONE}`, 'changed', `a:${ONE}:topics=alerts`],
  ])('GW-25: %s', (_situation, after, expected, before = `a:${ONE}`) => {
    expect(judgeKeys(parseApiKeys(before), parseApiKeys(after)).get('a')).toBe(expected);
  });
});
