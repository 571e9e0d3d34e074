/** Where the sentinel keeps how far it has read the logs of containers, so that a restart misses no line. */
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pulsewire/runtime';

/** `undefined` where nothing can be written: then logs are followed from the start on. */
export async function makeStateFolder(dataDir: string, logger: Logger): Promise<string | undefined> {
  const folder = join(dataDir, 'sentinel');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    logger.warn(
      { err: error },
      'DATA_DIR cannot be written: log lines of the time between two starts are missed',
    );
    return undefined;
  }
}
