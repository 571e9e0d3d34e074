import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKey } from './find-key.js';

const HERE = { feedUrl: 'ws://127.0.0.1/', key: null, local: true };
const THERE = { feedUrl: 'ws://example.org/', key: null, local: false };
const NONE = { key: null, keyFile: null };

describe('key of a command', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-cli-'));
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'api-key'), 'local\n');
    await writeFile(join(folder, 'file'), 'filed\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('CL-4: everything given, the first in order is used', async () => {
    const env = { PULSEWIRE_KEY: 'named', DATA_DIR: join(folder, 'data') };
    const addressed = { ...HERE, key: 'addressed' };
    const found = await Promise.all([
      findKey({ key: 'given', keyFile: null, target: addressed }, env),
      findKey({ key: null, keyFile: join(folder, 'file'), target: addressed }, env),
      findKey({ ...NONE, target: addressed }, env),
      findKey({ ...NONE, target: HERE }, env),
      findKey({ ...NONE, target: HERE }, { DATA_DIR: env.DATA_DIR }),
    ]);
    expect(found.map((key) => ('found' in key ? key.found : null))).toEqual([
      'given',
      'filed',
      'addressed',
      'named',
      'local',
    ]);
  });

  it('CL-4: gateway elsewhere, the key of the local start stays here', async () => {
    const env = { DATA_DIR: join(folder, 'data') };
    expect(await findKey({ ...NONE, target: THERE }, env)).toEqual({
      missing: expect.stringContaining('PULSEWIRE_KEY'),
    });
  });

  it('CL-4: named file that is not there, the reason names it and nothing else is tried', async () => {
    const keyFile = join(folder, 'absent');
    expect(await findKey({ key: null, keyFile, target: HERE }, { PULSEWIRE_KEY: 'named' })).toEqual({
      missing: `${keyFile} cannot be read (ENOENT)`,
    });
  });
});
