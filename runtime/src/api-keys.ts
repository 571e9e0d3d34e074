/**
 * Named API keys: `name:key[:topics=topic+topic][,…]`. Only digests are kept, and every comparison looks at every key, so
 * that time tells neither which key came close nor how many there are before it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { MIN_API_KEY_LENGTH, TOPICS, type Topic } from '@pulsewire/shared-schema';

export interface ApiKey {
  name: string;
  /** SHA-256 of the key. */
  digest: Buffer;
  /** What the key may read of the stream; absent: everything. */
  topics?: readonly Topic[];
}

/** A key may contain colons, but not end like this. */
const WITH_TOPICS = /^(.*):topics=([a-z+]*)$/s;

/** Parses `API_KEYS`. Throws an `Error` that tells the fix. It quotes nothing, for a
 * forgotten name makes a part of a key look like one. */
export function parseApiKeys(raw: string | undefined): readonly ApiKey[] {
  const format = `must be name:key[,name:key], each key at least ${MIN_API_KEY_LENGTH} characters`;
  if (raw === undefined) throw new Error(`is required: ${format}`);
  const keys = createKeyList([]);
  raw.split(',').forEach((entry, index) => {
    const where = `entry ${index + 1}`;
    keys.add(parseApiKey(entry, where, format), where, 'before');
  });
  return keys.all;
}

export interface KeyList {
  readonly all: readonly ApiKey[];
  /**
   * Throws an `Error` that begins with `where` when the name or the key is used already, which is told as `placed`: a key
   * with two names would live on when one of them is removed.
   */
  add(key: ApiKey, where: string, placed: string): void;
}

/** Begins with `others`. */
export function createKeyList(others: readonly ApiKey[]): KeyList {
  const all = [...others];
  const names = new Set(others.map(({ name }) => name));
  const digests = new Set(others.map(({ digest }) => digest.toString('latin1')));
  return {
    all,
    add(key, where, placed) {
      const digest = key.digest.toString('latin1');
      if (names.has(key.name))
        throw new Error(`${where} has a name that is used ${placed}; names must differ`);
      if (digests.has(digest)) throw new Error(`${where} has a key that is used ${placed}; keys must differ`);
      names.add(key.name);
      digests.add(digest);
      all.push(key);
    },
  };
}

/** Parses one key. Its errors begin with `where`, and end with `format` where that tells the fix. */
export function parseApiKey(entry: string, where: string, format: string): ApiKey {
  const colon = entry.indexOf(':');
  const name = entry.slice(0, Math.max(0, colon)).trim();
  const value = entry.slice(colon + 1).trim();
  const [, key = value, listed] = WITH_TOPICS.exec(value) ?? [];
  if (colon < 1 || !/^[\w.-]{1,64}$/.test(name)) throw new Error(`${where} has no name; ${format}`);
  if (key.length < MIN_API_KEY_LENGTH)
    throw new Error(`${where} has too short a key; each key needs at least ${MIN_API_KEY_LENGTH} characters`);
  // Nobody could send it, and it is what a line break of another system or a file that was cut off leaves behind.
  if (/\p{Cc}/u.test(key)) throw new Error(`${where} has a control character in its key`);
  if (listed === undefined) return { name, digest: digestOf(key) };
  const topics = TOPICS.filter((topic) => listed.split('+').includes(topic));
  if (topics.length < listed.split('+').length)
    throw new Error(`${where} names topics that are not among ${TOPICS.join('+')}`);
  return { name, digest: digestOf(key), topics };
}

/** The key whose value was offered, or `undefined`. Takes the same time whichever key it is, or none. */
export function findApiKey(keys: readonly ApiKey[], offered: string): ApiKey | undefined {
  const digest = digestOf(offered);
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key;
  return found;
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
