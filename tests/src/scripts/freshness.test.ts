import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScript } from './load-script.js';

const { fingerprint } = await loadScript<{ fingerprint(root: string): string }>('lib/freshness.mjs');
const ROOT_FILES = ['package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.base.json'];
const { WORKSPACES } = await loadScript<{ WORKSPACES: readonly string[] }>('lib/tools.mjs');

let root: string;
let before: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'pulsewire-fresh-'));
  for (const file of ROOT_FILES) writeFileSync(join(root, file), '{}');
  for (const folder of [...WORKSPACES, 'scripts'])
    await mkdir(join(root, folder, 'src'), { recursive: true });
  await mkdir(join(root, 'app/dist'));
  writeFileSync(join(root, 'app/src/main.ts'), 'export const a = 1;');
  before = fingerprint(root);
});

afterEach(() => rmSync(root, { recursive: true }));

describe('freshness of a build', () => {
  it('BS-4: nothing changed, not stale', () => {
    expect(fingerprint(root)).toBe(before);
  });

  it('BS-4: a source of the same length saved again, stale', () => {
    utimesSync(join(root, 'app/src/main.ts'), new Date(1000), new Date(1000));
    expect(fingerprint(root)).not.toBe(before);
  });

  it('BS-4: a new source, stale', () => {
    writeFileSync(join(root, 'web/src/new.tsx'), '');
    expect(fingerprint(root)).not.toBe(before);
  });

  it('BS-4: a source that vanished, stale', () => {
    rmSync(join(root, 'app/src/main.ts'));
    expect(fingerprint(root)).not.toBe(before);
  });

  it('BS-4: new dependencies, stale', () => {
    writeFileSync(join(root, 'package-lock.json'), '{ "lockfileVersion": 3 }');
    expect(fingerprint(root)).not.toBe(before);
  });

  it('BS-4: outputs and prose, not stale', () => {
    writeFileSync(join(root, 'app/dist/main.js'), 'built');
    writeFileSync(join(root, 'app/SPEC.md'), 'AP-1 …');
    expect(fingerprint(root)).toBe(before);
  });
});
