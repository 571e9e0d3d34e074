import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStorage } from '../settings/storage.js';
import { takeFragmentKey } from './fragment-key.js';
import { KeyStore } from './key-store.js';

function createKeys(hash: string) {
  let current = hash;
  const storage = createStorage(() => {
    throw new Error('none');
  });
  const address = {
    hash: () => current,
    replaceHash: (next: string) => {
      current = next;
    },
  };
  return { keys: new KeyStore(storage, address), hash: () => current };
}

describe('key', () => {
  it('WB-01: in the fragment, taken over and removed from the address', () => {
    const { keys, hash } = createKeys('#alerts&key=abc%2F123');
    expect([keys.takeFromAddress(), keys.get(), hash()]).toEqual([true, 'abc/123', '#alerts']);
  });
  it('WB-01: not in the fragment, address and key stay as they are', () => {
    const { keys, hash } = createKeys('#alerts');
    keys.set('old');
    expect([keys.takeFromAddress(), keys.get(), hash()]).toEqual([false, 'old', '#alerts']);
  });
  it('WB-01: any key, the same after the fragment', () => {
    const key = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(key, (text) => {
        expect(takeFragmentKey(`#key=${encodeURIComponent(text)}`)).toEqual({ key: text, rest: '' });
      }),
    );
  });
  it('WB-01: any fragment, no exception', () => {
    fc.assert(fc.property(fc.string(), (text) => takeFragmentKey(`#key=${text}`) !== undefined));
  });
  it('WB-02: forgotten, there is none', () => {
    const { keys } = createKeys('#key=abc');
    keys.takeFromAddress();
    keys.forget();
    expect(keys.get()).toBeNull();
  });
});
