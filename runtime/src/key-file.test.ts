import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type ApiKey, parseApiKeys } from './api-keys.js';
import { ConfigError } from './errors.js';
import { keyFilePath, openKeyFile, parseKeyFile } from './key-file.js';
import { silentLogger } from './logger.js';
import { createManualClock } from './manual-clock.js';
import { createMetrics } from './metrics.js';

const ONE = 'one-key-0123456789';
const TWO = 'two-key-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'pulsewire-keys-'));
const path = join(folder, 'keys');

afterEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const namesOf = (keys: readonly ApiKey[]) => keys.map(({ name }) => name);

function writeLarge(bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}

const metricsOf = () => createMetrics({ process: 'test', runtimeMetrics: false });

function opened(text: string) {
  writeFileSync(path, text);
  const [clock, metrics] = [createManualClock(), metricsOf()];
  const file = openKeyFile({ path, others: [], logger: silentLogger, metrics, clock });
  const told: string[][] = [];
  file.onChange((keys) => told.push(namesOf(keys)));
  return { clock, file, metrics, told };
}

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
    ['a key twice', `a:${ONE}\nb:${ONE}:topics=alerts`, /^line 2 has a key that is used/],
    ['a key of API_KEYS', 'a:three-key-0123456789', /^line 1 has a key that is used/],
  ])('GW-24: %s, the mistake names the line', (_what, text, expected) => {
    expect(() => parseKeyFile(text, parseApiKeys('c:three-key-0123456789'))).toThrow(expected);
  });

  it('GW-25: it changed before anybody listened, told at once', () => {
    const { clock, file, told } = opened(`a:${ONE}`);
    writeFileSync(path, `b:${TWO}`);
    clock.advance(3000);
    const late: string[][] = [];
    file.onChange((keys) => late.push(namesOf(keys)));
    expect([told, late]).toEqual([[['b']], [['b']]]);
  });

  it('GW-24: missing at the start, a mistake of the configuration', () => {
    expect(() => openKeyFile({ path, others: [], logger: silentLogger, metrics: metricsOf() })).toThrow(
      ConfigError,
    );
  });

  it('GW-25: changed, the new keys are told within two seconds without being asked', async () => {
    const { clock, file, told } = opened(`a:${ONE}`);
    writeFileSync(path, `b:${TWO}:topics=alerts`);
    clock.advance(1500);
    clock.advance(5000);
    await file.stop();
    expect([told, clock.scheduled]).toEqual([[['b']], 0]);
  });

  it('GW-25: gone for a while, the keys stay; back and other, they are told', () => {
    const { clock, file } = opened(`a:${ONE}`);
    rmSync(path);
    clock.advance(3000);
    const meanwhile = namesOf(file.keys);
    writeFileSync(path, `b:${TWO}`);
    clock.advance(2000);
    expect([meanwhile, namesOf(file.keys)]).toEqual([['a'], ['b']]);
  });

  it('GW-25: asked to, read again though it is the same; unusable, the keys stay', () => {
    const { clock, file, told } = opened(`a:${ONE}`);
    for (const text of [`a:${ONE}`, '']) {
      writeFileSync(path, text);
      file.reload();
      clock.advance(500);
    }
    expect([told, namesOf(file.keys)]).toEqual([[['a']], ['a']]);
  });

  it('GW-25: stopped while it is looked at again, nothing is left open', async () => {
    const { clock, file } = opened(`a:${ONE}`);
    writeFileSync(path, `b:${TWO}`);
    file.reload();
    await file.stop();
    expect(clock.scheduled).toBe(0);
  });

  it.each([
    ['empty', ''],
    ['cut off in a name', 'a'],
    ['cut off in a key', `a:${ONE}\nb:two`],
  ])('GW-104: %s, the metric tells so until it can be used again', async (_what, text) => {
    const { clock, metrics } = opened(`a:${ONE}`);
    const unusable = async () => {
      clock.advance(2000);
      return /^pulsewire_key_file_unusable.* (\d)$/m.exec(await metrics.metrics())?.[1];
    };
    const seen = [await unusable()];
    for (const each of [text, `b:${TWO}`]) {
      writeFileSync(path, each);
      seen.push(await unusable());
    }
    expect(seen).toEqual(['0', '1', '0']);
  });

  it.each([
    ['a pipe that nobody writes to', () => execFileSync('mkfifo', [path])],
    ['a file of a gigabyte', () => writeLarge(2 ** 30)],
  ])('GW-104: %s in its place, holds nothing up and the keys stay', async (_what, replace) => {
    const { clock, file, metrics } = opened(`a:${ONE}`);
    rmSync(path);
    replace();
    clock.advance(2000);
    expect(namesOf(file.keys)).toEqual(['a']);
    expect(await metrics.metrics()).toMatch(/^pulsewire_key_file_unusable.* 1$/m);
  });

  it.each([
    ['no such file', () => `${path}-none`, /can be found/],
    ['a folder', () => folder, /not of a folder/],
    ['a file with a mistake', () => path, /^line 1 has no name/],
    ['keys in place of a path', () => `a:${ONE}`, /can be found/],
    ['a long list of keys in place of a path', () => `a:${ONE.repeat(300)}`, /can be found/],
  ])('GW-94: %s, a mistake of API_KEYS_FILE that repeats no key', (_what, given, expected) => {
    writeFileSync(path, ONE);
    const setting = keyFilePath();
    const result = setting.read(given());
    if (!('allowed' in result)) expect.fail('a mistake');
    expect([setting.secret, result.allowed]).toEqual([true, expect.stringMatching(expected)]);
    expect(result.allowed).not.toContain(ONE);
  });

  it('GW-24: a pipe at the start, is read once and left alone before', () => {
    // As a shell gives for <(…).
    execFileSync('mkfifo', [path]);
    expect(keyFilePath().read(path)).toEqual({ value: path });
  });

  it('GW-104: written bit by bit, however it is cut, no keys but the old and the new', () => {
    const before = `a:${ONE}\nb:${TWO}\n`;
    const after = `a:${ONE}\nc:${TWO}-which-is-longer\nd:four-key-0123456789\n`;
    const cut = fc.tuple(fc.nat(after.length), fc.nat(499));
    const cuts = fc.uniqueArray(cut, { maxLength: 8, selector: ([length]) => length });
    fc.assert(
      fc.property(cuts, (parts) => {
        const { clock, file, told } = opened(before);
        for (const [length, ms] of parts.sort(([one], [other]) => one - other)) {
          writeFileSync(path, after.slice(0, length));
          clock.advance(ms);
        }
        writeFileSync(path, after);
        clock.advance(2000);
        void file.stop();
        return JSON.stringify(told) === JSON.stringify([['a', 'c', 'd']]);
      }),
      { numRuns: 50 },
    );
  });
});
