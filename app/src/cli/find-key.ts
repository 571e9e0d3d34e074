/**
 * Which key a command uses: its option, the named file, the address, PULSEWIRE_KEY, and at last, for a gateway on
 * this machine only, the key that the local start made.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@pulsewire/runtime';
import type { KeySource } from './command-line.js';
import type { Target } from './target.js';

const LOCAL_KEY_FILE = 'api-key';
const DEFAULT_DATA_DIR = './data';

export type FoundKey = { found: string } | { missing: string };

/** Never rejects. A key from a file is never sent to a gateway that it was not named for. */
export async function findKey(source: KeySource & { target: Target }, env: Environment): Promise<FoundKey> {
  if (source.key !== null) return { found: source.key };
  if (source.keyFile !== null) return readKey(source.keyFile);
  if (source.target.key !== null) return { found: source.target.key };
  const named = env['PULSEWIRE_KEY'];
  if (named !== undefined && named !== '') return { found: named };
  const needed = 'a key is needed: give --key-file or set PULSEWIRE_KEY';
  if (!source.target.local) return { missing: needed };
  // An empty variable is an unset one, as for the start.
  const dataDir = env['DATA_DIR']?.trim() || DEFAULT_DATA_DIR;
  const local = await readKey(join(dataDir, LOCAL_KEY_FILE));
  return 'found' in local ? local : { missing: needed };
}

async function readKey(file: string): Promise<FoundKey> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key === '' ? { missing: `${file} is empty` } : { found: key };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    return { missing: `${file} cannot be read (${code})` };
  }
}
