import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type ApiKey, parseApiKeys } from './api-keys.js';
import { ConfigError } from './errors.js';
import { openKeyFile, parseKeyFile } from './key-file.js';
import { silentLogger } from './logger.js';
import { createManualClock } from './manual-clock.js';

const ONE = 'one-key-0123456789';
const TWO = 'two-key-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'pulsewire-keys-'));
const path = join(folder, 'keys');

afterEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const namesOf = (keys: readonly ApiKey[]) => keys.map(({ name }) => name);

describe('the file of keys', () => {
  it('GW-24: lines, comments and empty lines, the keys and those that hold besides', () => {
    const text = `# of the team\r\na:${ONE}\n\n  b:${TWO}:topics=alerts\n`;
    const keys = parseKeyFile(text, parseApiKeys('c:three-key-0123456789'));
    expect(keys.map(({ name, topics }) => [name, topics])).toEqual([
      ['c', undefined],
      ['a', undefined],
      ['b', ['alerts']],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['only a comment', '# none'],
    ['a bad entry', 'a'],
    ['a name of API_KEYS', `c:${ONE}`],
  ])('GW-24: %s, refused without quoting a key', (_what, text) => {
    expect(() => parseKeyFile(text, parseApiKeys('c:three-key-0123456789'))).toThrow(/^(?!.*0123)/);
  });

  it.each([
    ['a bad entry', `# ours\n\na:${ONE}\nb`, /^line 4 has no name/],
    ['too short a key', `a:${ONE}\nb:short`, /^line 2 has too short a key/],
    ['two keys in a line', `# ours\na:${ONE},b:${TWO}`, /^line 2 has a comma/],
    ['a name twice', `a:${ONE}\n\na:${TWO}`, /^line 3 has a name that is used/],
    ['a name of API_KEYS', `a:${ONE}\nc:${TWO}`, /^line 2 has a name that is used/],
  ])('GW-24: %s, the mistake names the line', (_what, text, expected) => {
    expect(() => parseKeyFile(text, parseApiKeys('c:three-key-0123456789'))).toThrow(expected);
  });

  it('GW-24: missing at the start, a mistake of the configuration', () => {
    expect(() => openKeyFile({ path, others: [], logger: silentLogger })).toThrow(ConfigError);
  });

  it('GW-25: changed, the new keys are told within a second without being asked', async () => {
    const clock = createManualClock();
    writeFileSync(path, `a:${ONE}`);
    const file = openKeyFile({ path, others: [], logger: silentLogger, clock });
    const told: string[][] = [];
    file.onChange((keys) => told.push(namesOf(keys)));
    writeFileSync(path, `b:${TWO}:topics=alerts`);
    clock.advance(1000);
    clock.advance(5000);
    await file.stop();
    expect([told, clock.scheduled]).toEqual([[['b']], 0]);
  });

  it('GW-25: gone for a while, the keys stay; back and other, they are told', () => {
    const clock = createManualClock();
    writeFileSync(path, `a:${ONE}`);
    const file = openKeyFile({ path, others: [], logger: silentLogger, clock });
    rmSync(path);
    clock.advance(3000);
    const meanwhile = namesOf(file.keys);
    writeFileSync(path, `b:${TWO}`);
    clock.advance(1000);
    expect([meanwhile, namesOf(file.keys)]).toEqual([['a'], ['b']]);
  });

  it('GW-25: asked to, read again; unusable, the keys stay', async () => {
    writeFileSync(path, `a:${ONE}`);
    const file = openKeyFile({ path, others: [], logger: silentLogger });
    const told: string[][] = [];
    file.onChange((keys) => told.push(namesOf(keys)));
    writeFileSync(path, `b:${TWO}`);
    file.reload();
    writeFileSync(path, '');
    file.reload();
    await file.stop();
    expect([told, namesOf(file.keys)]).toEqual([[['b']], ['b']]);
  });
});
