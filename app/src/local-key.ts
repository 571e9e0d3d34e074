/** The key of the embedded start: generated once, kept in the data folder where only its owner can read it. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIN_API_KEY_LENGTH } from '@pulsewire/shared-schema';
import { AppError } from './errors.js';

const KEY_FILE = 'api-key';
const KEY_BYTES = 24;

/**
 * Reads the key, or makes one: a folder that is made for it is 0700, the file 0600. Rejects with
 * `data_dir_unusable` when the folder cannot be written and with `local_key_damaged` when the file holds something
 * that is not a key.
 */
export async function loadLocalKey(dataDir: string): Promise<string> {
  const file = join(dataDir, KEY_FILE);
  try {
    return (await readKey(file)) ?? (await createKey(dataDir, file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'data_dir_unusable',
      `DATA_DIR ${dataDir} cannot be used; name a folder that is writable`,
      {
        cause: error,
      },
    );
  }
}

async function readKey(file: string): Promise<string | undefined> {
  let stored: string;
  try {
    stored = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (stored.length >= MIN_API_KEY_LENGTH && /^[\w-]+$/.test(stored)) return stored;
  throw new AppError('local_key_damaged', `${file} holds no usable key; delete it and a new one is made`);
}

/** Written aside and linked into place, so that a second start never reads half a key. */
async function createKey(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${key}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return key;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await readKey(file)) ?? (await createKey(dataDir, file));
  } finally {
    await unlink(draft);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
