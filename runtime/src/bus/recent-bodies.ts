/**
 * Which message bodies went past recently, as 53-bit fingerprints in a ring. It is asked only about messages
 * that say of themselves that they may be repeats, so a linear look through the ring is cheap enough.
 */

export interface RecentBodies {
  add(fingerprint: number): void;
  has(fingerprint: number): boolean;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const SECOND_PRIME = 0x5bd1e995;

/** Remembers the last `capacity` bodies. The ring is made with the first of them. */
export function createRecentBodies(capacity: number): RecentBodies {
  let ring: Float64Array | undefined;
  let next = 0;
  return {
    add(fingerprint) {
      ring ??= new Float64Array(capacity).fill(-1);
      ring[next] = fingerprint;
      next = (next + 1) % capacity;
    },
    has: (fingerprint) => ring?.includes(fingerprint) ?? false,
  };
}

/** Fingerprint of the first `end` bytes: two independent 32-bit hashes, cut to 53 bits together. Never negative. */
export function fingerprintOf(bytes: Buffer, end: number): number {
  let first = FNV_OFFSET;
  let second = end;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    first = Math.imul(first ^ byte, FNV_PRIME);
    second = Math.imul(second ^ byte, SECOND_PRIME);
    second ^= second >>> 13;
  }
  return (first >>> 0) * 2 ** 21 + (second >>> 11);
}
