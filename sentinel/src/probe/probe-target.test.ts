import { readConfig } from '@pulsewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentinelSettings } from '../settings.js';
import { parseProbeTargets } from './probe-target.js';

const messageOf = (raw: string): string => {
  try {
    parseProbeTargets(raw);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('PROBE_DATABASES', () => {
  it('SE-80: nothing, no database is asked', () => {
    expect(parseProbeTargets(undefined)).toEqual([]);
  });

  it('SE-80: entries with and without a name, each with its kind and where it is', () => {
    const raw = 'shop=postgres://u:p@db.internal/shop, redis://10.0.0.7:6380/2,mongodb://u:p@a:27017/app';
    expect(parseProbeTargets(raw).map(({ name, kind }) => [name, kind])).toEqual([
      ['shop', 'postgresql'],
      ['10.0.0.7:6380/2', 'redis'],
      ['a:27017/app', 'mongodb'],
    ]);
  });

  it('SE-80: the servers of a MongoDB set, one entry with its commas', () => {
    const raw = 'mongodb://u:p@a:1,b:2,[::1]:3/app?readPreferenceTags=dc:ny,rack:1,cache=redis://c';
    expect(parseProbeTargets(raw)).toMatchObject([
      { name: 'a:1,b:2,[::1]:3/app', url: raw.slice(0, raw.indexOf(',cache=')) },
      { name: 'cache', kind: 'redis' },
    ]);
  });

  it('SE-80: a PostgreSQL socket, named by its folder', () => {
    expect(parseProbeTargets('postgresql:///shop?host=/run/postgresql')[0]?.name).toBe(
      '/run/postgresql/shop',
    );
  });

  it.each([
    ['x', 'entry 1 must be a URL'],
    ['mysql://u@h/d', 'entry 1 must begin with'],
    ['a=mysql://u@h/d', 'entry 1 (a) must begin with'],
    ['redis://', 'entry 1 must name a host'],
    ['=redis://h', 'entry 1 must have a name'],
    ['redis://h,', 'entry 2 must be a URL'],
    ['redis://h,redis://h', 'entry 2 (h) has the name of an earlier entry'],
    ['mongodb://u:p%zz@h/d', 'entry 1 must name a host'],
    ['mongodb+srv://h:27017/d', 'entry 1 must name a host'],
    ['redis://user:12/secret@h', 'entry 1 must name a host'],
    ['postgres://user:12#secret@h', 'entry 1 must name a host'],
    ['mongodb://user:12/secret@h/d', 'entry 1 must name a host'],
    ['x,redis://ok,mysql://h', 'entry 1 must be a URL'],
  ])('SE-81: %j, is a mistake that begins with "%s"', (raw, beginning) => {
    expect(messageOf(raw).startsWith(beginning)).toBe(true);
  });

  it('SE-81: two mistakes, both are told', () => {
    expect(messageOf('x,redis://ok,mysql://h')).toMatch(/entry 1 .*; entry 3 /);
  });

  it('SE-81: a mistake in an entry with a password, the environment error repeats nothing of the URL', () => {
    const environment = { PROBE_DATABASES: 'shop=mysql://bob:hunter22@db/shop,redis://:sesame,pass@h' };
    expect(() => readConfig(environment, sentinelSettings)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/bob|hunter22|sesame|pass@/) }),
    );
  });

  it('SE-81: any text, targets or an error that names an entry', () => {
    const part = fc.constantFrom('redis', 'mongodb', '://', '@', ',', '=', ':', '/', 'a', '%', '[', ' ', '?');
    const text = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const message = messageOf(raw);
        if (message === '') expect(parseProbeTargets(raw).every(({ name }) => name.length > 0)).toBe(true);
        else expect(message).toMatch(/entry \d+ |has \d+ entries/);
      }),
    );
  });
});
