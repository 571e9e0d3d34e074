import { MIN_API_KEY_LENGTH } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findApiKey, parseApiKeys } from './api-keys.js';

const ONE = 'k'.repeat(MIN_API_KEY_LENGTH);
const TWO = 'q'.repeat(MIN_API_KEY_LENGTH);

describe('API keys', () => {
  it('RT-10: named keys, are found by their value and by nothing else', () => {
    const keys = parseApiKeys(`grafana:${ONE}, edge:${TWO}`);
    expect(findApiKey(keys, ONE)?.name).toBe('grafana');
    expect(findApiKey(keys, TWO)?.name).toBe('edge');
    expect(findApiKey(keys, `${ONE}x`)).toBeUndefined();
    expect(findApiKey(keys, '')).toBeUndefined();
  });

  it('RT-11: a key with colons, keeps them', () => {
    const key = `a:b:${ONE}`;
    expect(findApiKey(parseApiKeys(`name:${key}`), key)?.name).toBe('name');
  });

  it('RT-6: a key with topics, may read those and one without everything', () => {
    const keys = parseApiKeys(`name:${ONE}:topics=alerts+metrics,other:${TWO}`);
    expect(findApiKey(keys, ONE)?.topics).toEqual(['metrics', 'alerts']);
    expect(findApiKey(keys, TWO)).not.toHaveProperty('topics');
  });

  it.each([
    ['nothing', undefined],
    ['no name', ONE],
    ['an empty name', `:${ONE}`],
    ['a name with a space', `my key:${ONE}`],
    ['a short key', `name:${ONE.slice(1)}`],
    ['a name used twice', `name:${ONE},name:${TWO}`],
    ['a key used twice', `name:${ONE},other:${ONE}`],
    ['a key used twice with other topics', `name:${ONE},other:${ONE}:topics=alerts`],
    ['an empty entry', `name:${ONE},`],
    ['an unknown topic', `name:${ONE}:topics=metrics+moods`],
    ['a key that ends with NULs', `name:${ONE}\0\0`],
    ['a key with a carriage return in it', `name:${ONE}\rother:${TWO}`],
    ['no topic', `name:${ONE}:topics=`],
  ])('RT-12: %s, is refused', (_what, raw) => {
    expect(() => parseApiKeys(raw)).toThrow();
  });

  it('RT-13: any text that is refused, is refused without quoting it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 60 }), (raw) => {
        let message = '';
        try {
          parseApiKeys(raw);
        } catch (error) {
          message = error instanceof Error ? error.message : '';
        }
        for (const part of raw.split(/[:,]/).filter((text) => text.trim().length >= 6))
          expect(message).not.toContain(part.trim());
      }),
    );
  });

  it('RT-13: one key under two names, is refused without quoting either', () => {
    expect(() => parseApiKeys(`grafana:${ONE},wallboard:${ONE}`)).toThrow(
      /^entry 2 has a key that is used before; keys must differ$/,
    );
  });

  it('RT-14: keys that were parsed, are kept as digests only', () => {
    expect(JSON.stringify(parseApiKeys(`name:${ONE}`))).not.toContain(ONE);
  });
});
