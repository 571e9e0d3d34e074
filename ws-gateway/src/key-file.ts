/**
 * Keys in a file, read at the start and again whenever it changes or is asked to. One `name:key` a line, as in
 * `API_KEYS`; empty lines and lines that begin with `#` do not count. A file that cannot be used later leaves
 * the keys as they are: a slip of the editor must not lock everybody out.
 */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type ApiKey, ConfigError, type Logger, parseApiKeys, type Stoppable } from '@pulsewire/runtime';

export interface KeyFile extends Stoppable {
  readonly keys: readonly ApiKey[];
  reload(): void;
  /** Called with all keys after each change. One listener. */
  onChange(listener: (keys: readonly ApiKey[]) => void): void;
}

export interface KeyFileOptions {
  path: string;
  /** Keys that hold besides. */
  others: readonly ApiKey[];
  logger: Logger;
}

const VARIABLE = 'API_KEYS_FILE';
/** Looked at by its path, so that a file that is replaced, or is behind a link that moves, is noticed, too. */
const LOOK_EVERY_MS = 1000;

/** Throws a {@link ConfigError} when the file cannot be used. */
export function openKeyFile({ path, others, logger }: KeyFileOptions): KeyFile {
  let keys = readOrExplain(path, others);
  let listener: (keys: readonly ApiKey[]) => void = () => {};

  function reload(): void {
    try {
      keys = readKeys(path, others);
    } catch (error) {
      logger.error({ err: error, path }, 'the file of keys cannot be used; the keys stay as they are');
      return;
    }
    logger.info({ path, keys: keys.length }, 'the keys were read again');
    listener(keys);
  }

  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, reload);
  return {
    get keys() {
      return keys;
    },
    reload,
    onChange(changed) {
      listener = changed;
    },
    async stop() {
      unwatchFile(path, reload);
    },
  };
}

/** The keys of a file's text, and `others`. Throws an `Error` that tells the fix and quotes no key. */
export function parseKeyFile(text: string, others: readonly ApiKey[]): readonly ApiKey[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (entries.length === 0) throw new Error('names no key');
  const keys = [...others, ...parseApiKeys(entries.join(','))];
  const names = new Set(keys.map(({ name }) => name));
  if (names.size < keys.length) throw new Error('has a name that API_KEYS uses; names must differ');
  return keys;
}

function readKeys(path: string, others: readonly ApiKey[]): readonly ApiKey[] {
  return parseKeyFile(readFileSync(path, 'utf8'), others);
}

function readOrExplain(path: string, others: readonly ApiKey[]): readonly ApiKey[] {
  try {
    return readKeys(path, others);
  } catch (error) {
    const allowed = error instanceof Error ? error.message : 'cannot be read';
    throw new ConfigError([{ variable: VARIABLE, given: path, allowed }]);
  }
}
