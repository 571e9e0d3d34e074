import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogState, openStateFile, parseState } from './state-file.js';

const TIME = '2026-01-17T04:30:00.123456789Z';
const STATE: LogState = {
  savedMs: 5,
  publishedSinceMs: 4,
  containers: {
    abc: { name: 'web', position: { since: TIME, streams: { stdout: { time: TIME, count: 2 } }, seq: 7 } },
    def: { name: 'new', position: { since: null, streams: {}, seq: 0 } },
  },
};

describe('file of positions', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-state-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('SE-119: written and read, the same; the owner only may', async () => {
    const file = await openStateFile(join(folder, 'a/b'));
    expect(await file.load()).toBeNull();
    await file.save(STATE);
    expect(await file.load()).toEqual(STATE);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['container-logs.json']);
    expect((await stat(join(folder, 'a/b/container-logs.json'))).mode & 0o777).toBe(0o600);
  });

  it('SE-119: a folder that cannot be made, an error with its code', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openStateFile(join(folder, 'file'))).rejects.toMatchObject({ code: 'state_dir_unusable' });
  });

  it('SE-119: any JSON or none, a state or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect([null, 'object']).toContain(parseState(text) === null ? null : 'object');
      }),
    );
  });

  it('SE-119: one damaged container, the others are kept', () => {
    const containers = { ...STATE.containers, bad: { name: 'x', position: { since: 'yesterday', seq: 1 } } };
    expect(parseState(JSON.stringify({ version: 1, ...STATE, containers }))).toEqual(STATE);
  });
});
