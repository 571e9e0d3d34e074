import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLocalKey } from './local-key.js';

describe('local key', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-key-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('AP-1: first start, a key of at least 16 characters is generated', async () => {
    expect(await loadLocalKey(join(folder, 'data'))).toMatch(/^[\w-]{16,}$/);
  });

  it('AP-1: second start, the same key is used', async () => {
    const first = await loadLocalKey(folder);
    expect(await loadLocalKey(folder)).toBe(first);
  });

  it('AP-1: two starts at once, both use the same key', async () => {
    const [one, two] = await Promise.all([loadLocalKey(folder), loadLocalKey(folder)]);
    expect(one).toBe(two);
  });

  it('AP-2: generated key, only the owner can read folder and file', async () => {
    const data = join(folder, 'data');
    await loadLocalKey(data);
    const modes = await Promise.all([stat(data), stat(join(data, 'api-key'))]);
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('AP-2: folder that was there before, its mode is left alone', async () => {
    await chmod(folder, 0o755);
    await loadLocalKey(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('AP-3: stored file that is no key, the error says which file to delete and the file stays', async () => {
    const file = join(folder, 'api-key');
    await writeFile(file, 'short');
    await expect(loadLocalKey(folder)).rejects.toMatchObject({
      code: 'local_key_damaged',
      message: expect.stringContaining(file),
    });
    expect(await readFile(file, 'utf8')).toBe('short');
  });

  it('AP-3: data folder that cannot be made, the error names DATA_DIR', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(loadLocalKey(join(file, 'data'))).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining('DATA_DIR'),
    });
  });
});
