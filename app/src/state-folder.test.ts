import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, silentLogger } from '@pulsewire/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appSettings } from './app-settings.js';
import { withStateFolder } from './state-folder.js';

describe('state of the sentinel', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-state-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const stateDirWith = async (env: Record<string, string>) =>
    (await withStateFolder(readConfig(env, appSettings), silentLogger)).stateDir;

  it('AP-18: nothing named, a folder of its own below the data folder, for its user only', async () => {
    const stateDir = await stateDirWith({ DATA_DIR: join(folder, 'data') });
    expect(stateDir).toBe(join(folder, 'data', 'sentinel'));
    expect((await stat(stateDir ?? '')).mode & 0o777).toBe(0o700);
  });

  it('AP-18: a folder named, that one', async () => {
    const named = join(folder, 'named');
    expect(await stateDirWith({ DATA_DIR: folder, STATE_DIR: named })).toBe(named);
  });

  it('AP-18: a data folder that cannot be used, none and no failure', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await stateDirWith({ DATA_DIR: join(folder, 'file') })).toBeUndefined();
  });
});
