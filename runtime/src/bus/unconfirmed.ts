/**
 * What came in live since the last barrier: places in the log, together with what they were claimed for, so that a
 * made-up message cannot stand in for the real one. Noted with every message but asked only after a loss, so it is kept
 * as plain numbers: a string per message would outlive the next garbage collection and make it dear.
 */
import type { LogPlace } from '@pulsewire/shared-schema';

export interface Unconfirmed {
  add(place: LogPlace, fingerprint: number): void;
  has(place: LogPlace, fingerprint: number): boolean;
  clear(): void;
}

const NUMBERS_PER_ENTRY = 3;
const FIRST_CAPACITY = 64 * NUMBERS_PER_ENTRY;

export function createUnconfirmed(): Unconfirmed {
  let numbers = new Float64Array(FIRST_CAPACITY);
  let used = 0;
  /** Made when asked. */
  let keys: Set<string> | null = null;

  function grow(): void {
    const larger = new Float64Array(numbers.length * 2);
    larger.set(numbers);
    numbers = larger;
  }

  function collectKeys(): Set<string> {
    const found = new Set<string>();
    for (let at = 0; at < used; at += NUMBERS_PER_ENTRY)
      found.add(keyOf(numbers[at] ?? 0, numbers[at + 1] ?? 0, numbers[at + 2] ?? 0));
    return found;
  }

  return {
    add({ ms, sequence }, fingerprint) {
      if (used === numbers.length) grow();
      numbers[used] = ms;
      numbers[used + 1] = sequence;
      numbers[used + 2] = fingerprint;
      used += NUMBERS_PER_ENTRY;
      keys = null;
    },
    has({ ms, sequence }, fingerprint) {
      keys ??= collectKeys();
      return keys.has(keyOf(ms, sequence, fingerprint));
    },
    clear() {
      used = 0;
      keys = null;
    },
  };
}

function keyOf(ms: number, sequence: number, fingerprint: number): string {
  return `${ms}-${sequence} ${fingerprint}`;
}
