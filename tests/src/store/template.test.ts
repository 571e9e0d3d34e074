/** Which packed database the build takes for its own. Rules: store/SPEC.md. */
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from '../support/built-entry.js';
import { makeFolder } from '../support/process.js';

interface MakeTemplate {
  isMadeBy(template: string, sources: readonly string[]): boolean;
  noteMakers(template: string, sources: readonly string[]): void;
}
const script = pathToFileURL(join(REPOSITORY_ROOT, 'store', 'make-template.mjs')).href;
const { isMadeBy, noteMakers } = (await import(script)) as MakeTemplate;

async function setUp() {
  const folder = await makeFolder('template');
  const template = join(folder, 'template.tar.gz');
  const lock = join(folder, 'package-lock.json');
  writeFileSync(template, 'packed');
  writeFileSync(lock, 'one');
  noteMakers(template, [lock]);
  return { template, lock };
}

describe('the packed database of a build', () => {
  it('ST-54: made by what is there, however new that looks, kept', async () => {
    const { template, lock } = await setUp();
    const later = new Date(Date.now() + 60_000);
    utimesSync(lock, later, later);
    expect(isMadeBy(template, [lock])).toBe(true);
  });

  it('ST-54: a release unpacked over it, with files older than it, made again', async () => {
    const { template, lock } = await setUp();
    writeFileSync(lock, 'two');
    utimesSync(lock, new Date(1000), new Date(1000));
    expect(isMadeBy(template, [lock])).toBe(false);
  });

  it('ST-54: nobody noted what it was made by, made again', async () => {
    const { template, lock } = await setUp();
    const another = `${template}.other`;
    writeFileSync(another, 'packed');
    expect(isMadeBy(another, [lock])).toBe(false);
  });
});
