/** What a new list of keys means for the clients of the old one: pure. */
import type { ApiKey } from '@pulsewire/runtime';

/** `changed`: the key is as good as before, but may read something else now. */
export type KeyFate = 'kept' | 'changed' | 'revoked';

/** By name of each key that there was. A name with another key is another key. */
export function judgeKeys(before: readonly ApiKey[], after: readonly ApiKey[]): Map<string, KeyFate> {
  const fates = before.map(({ name, digest, topics }): [string, KeyFate] => {
    const next = after.find((key) => key.name === name && key.digest.equals(digest));
    if (next === undefined) return [name, 'revoked'];
    return [name, String(next.topics) === String(topics) ? 'kept' : 'changed'];
  });
  return new Map(fates);
}
