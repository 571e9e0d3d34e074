/** Where the sentinel keeps how far it has read the logs of containers: with everything else that the app keeps. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pulsewire/runtime';
import type { AppSettings } from './app-settings.js';

const FOLDER = 'sentinel';

/**
 * The settings with a `stateDir`, made (0700) below the data folder unless one is named. Where that cannot be written
 * there is none, and a line in the log: the live view needs no folder.
 */
export async function withStateFolder(settings: AppSettings, logger: Logger): Promise<AppSettings> {
  if (settings.stateDir !== undefined) return settings;
  const stateDir = join(settings.dataDir, FOLDER);
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await access(stateDir, constants.W_OK);
    return { ...settings, stateDir };
  } catch (error) {
    logger.warn(
      { err: error },
      'DATA_DIR cannot be written: after a restart, logs of containers begin with what is written then',
    );
    return settings;
  }
}
