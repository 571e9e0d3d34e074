/**
 * Keys in a file, read at the start and again whenever it changes or is asked to. One `name:key` a line, as in
 * `API_KEYS`; empty lines and lines that begin with `#` do not count. A file that cannot be used later leaves
 * the keys as they are: a slip of the editor must not lock everybody out. Nor must one that is being written: half of
 * it may look like a whole one, so that it counts only once it stays as it is.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { type ApiKey, createKeyList, parseApiKey } from './api-keys.js';
import { type Cancel, type Clock, systemClock } from './clock.js';
import { parsed, type Setting } from './config.js';
import { ConfigError } from './errors.js';
import type { Stoppable } from './lifecycle.js';
import type { Logger } from './logger.js';
import { gauge } from './metrics.js';
import { judgeSteady, STEADY_MS, type Steady } from './steady.js';

export interface KeyFile extends Stoppable {
  readonly keys: readonly ApiKey[];
  /** Takes what is there as if it had changed. */
  reload(): void;
  /** Called with all keys after each change, and at once when they have changed since it was opened. One listener. */
  onChange(listener: (keys: readonly ApiKey[]) => void): void;
}

export interface KeyFileOptions {
  path: string;
  /** Keys that hold besides. */
  others: readonly ApiKey[];
  logger: Logger;
  metrics: Registry;
  clock?: Clock;
}

const VARIABLE = 'API_KEYS_FILE';
const LINE_FORMAT = 'each line must be name:key';
/**
 * Read by its path and compared as text, so that nothing escapes: a file that is replaced, one behind a link that
 * moves, one that changes right after it was read or keeps its time and size.
 */
const LOOK_EVERY_MS = 1000;

/** Far more than keys need, and little enough to be read every second. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * `API_KEYS_FILE`, read once so that its mistakes are told with all others. A secret, because who mistakes it for
 * `API_KEYS` has written keys there. What is no file, such as a pipe, can be read only once, and is not looked at here.
 */
export function keyFilePath(): Setting<string | undefined> {
  return parsed(VARIABLE, {
    secret: true,
    parse(path) {
      if (path === undefined) return undefined;
      const found = kindOf(path);
      if (found === null) throw new Error('must be the path of a file that can be found');
      if (found.isDirectory()) throw new Error('must be the path of a file, not of a folder');
      if (found.isFile()) keysOf(look(path), []);
      return path;
    },
  });
}

/** Throws a {@link ConfigError} when the file cannot be used. */
export function openKeyFile(options: KeyFileOptions): KeyFile {
  const { path, others, logger, metrics, clock = systemClock } = options;
  let listener: (keys: readonly ApiKey[]) => void = () => {};
  const first = lookFirst(path);
  const firstKeys = keysOrExplain(path, first, others);
  let keys = firstKeys;
  let steady: Steady = { taken: textOf(first), seen: null };
  let isUsable = true;
  let cancelAgain: Cancel = () => {};
  gauge(
    metrics,
    'key_file_unusable',
    '1 while the file of keys cannot be used and those that were read before hold',
    () => (isUsable ? 0 : 1),
  );

  function lookAgain(): void {
    const found = look(path);
    const { next, action } = judgeSteady(steady, textOf(found), clock.monotonicMs());
    steady = next;
    if (action === 'again') {
      cancelAgain();
      cancelAgain = clock.after(STEADY_MS, lookAgain);
    } else if (action === 'take') take(found);
  }

  function take(found: Look): void {
    try {
      keys = keysOf(found, others);
      isUsable = true;
    } catch (error) {
      isUsable = false;
      logger.error({ err: error, path }, 'the file of keys cannot be used; the keys stay as they are');
      return;
    }
    logger.info({ path, keys: keys.length }, 'the keys were read again');
    listener(keys);
  }

  const cancel = clock.every(LOOK_EVERY_MS, lookAgain);
  return {
    get keys() {
      return keys;
    },
    reload() {
      steady = { taken: null, seen: null };
      lookAgain();
    },
    onChange(changed) {
      listener = changed;
      if (keys !== firstKeys) listener(keys);
    },
    async stop() {
      cancel();
      cancelAgain();
    },
  };
}

/** The keys of a file's text, and `others`. Throws an `Error` that tells the fix and quotes no key. */
export function parseKeyFile(text: string, others: readonly ApiKey[]): readonly ApiKey[] {
  const keys = createKeyList(others);
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const where = `line ${index + 1}`;
    // As in API_KEYS a comma would be the end of a key, so that none can contain one.
    if (line.includes(',')) throw new Error(`${where} has a comma; ${LINE_FORMAT}`);
    keys.add(parseApiKey(line, where, LINE_FORMAT), where, 'before or in API_KEYS');
  });
  if (keys.all.length === others.length) throw new Error('names no key');
  return keys.all;
}

/** What is there now: one of the two is `null`. */
type Look = { text: string; error: null } | { text: null; error: Error };

function look(path: string): Look {
  return lookWith(() => readRegularFile(path));
}

/** At the start a pipe is as good as a file, and may be waited for. */
function lookFirst(path: string): Look {
  return lookWith(() => {
    return kindOf(path)?.isFIFO() ? readFileSync(path, 'utf8') : readRegularFile(path);
  });
}

function kindOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function lookWith(read: () => string): Look {
  try {
    return { text: read(), error: null };
  } catch (error) {
    return { text: null, error: error instanceof Error ? error : new Error('cannot be read') };
  }
}

/** Opened without waiting: a pipe that took the file's place would hold up the process until somebody writes. */
function readRegularFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error('is no file');
    if (found.size > MAX_FILE_BYTES) throw new Error(`has more than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** What tells a look from another. */
function textOf({ text, error }: Look): string {
  return error === null ? text : `\0${error.message}`;
}

function keysOf({ text, error }: Look, others: readonly ApiKey[]): readonly ApiKey[] {
  if (error !== null) throw error;
  return parseKeyFile(text, others);
}

function keysOrExplain(path: string, found: Look, others: readonly ApiKey[]): readonly ApiKey[] {
  try {
    return keysOf(found, others);
  } catch (error) {
    const allowed = error instanceof Error ? error.message : 'cannot be read';
    throw new ConfigError([{ variable: VARIABLE, given: path, allowed }]);
  }
}
