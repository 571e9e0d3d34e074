/** The API key of this tab: from the address or the form, kept in session storage, never anywhere else. */
import type { TextStorage } from '../settings/storage.js';
import { takeFragmentKey } from './fragment-key.js';

const KEY_NAME = 'pulsewire.key';

/** The part of the address bar that is used. */
export interface AddressBar {
  hash(): string;
  /** Replaces the fragment without a new history entry. */
  replaceHash(hash: string): void;
}

export class KeyStore {
  constructor(
    readonly storage: TextStorage,
    readonly address: AddressBar,
  ) {}

  /** Takes a key over from the address, if there is one, and removes it there. True when it did. */
  takeFromAddress(): boolean {
    const taken = takeFragmentKey(this.address.hash());
    if (taken === null) return false;
    this.address.replaceHash(taken.rest);
    this.set(taken.key);
    return true;
  }

  get(): string | null {
    return this.storage.get(KEY_NAME);
  }

  set(key: string): void {
    this.storage.set(KEY_NAME, key);
  }

  forget(): void {
    this.storage.set(KEY_NAME, null);
  }
}
