import * as contract from '@pulsewire/shared-schema';
import { REST_ERRORS } from '@pulsewire/shared-schema/rest';
import { describe, expect, it } from 'vitest';
import { judgeErrors } from './documented-errors.js';
import { listFiles, ROOMS, readFixture, readSources, readText } from './lib/guard.js';
import { judgeSpecRules } from './spec-rules.js';

const FIXTURES = 'tests/src/architecture/fixtures';
const WIRE_CODES = [
  ...Object.keys(contract.REFUSALS),
  ...Object.keys(contract.HTTP_ERRORS),
  ...Object.keys(REST_ERRORS),
  ...contract.PARSE_ERRORS,
];

describe('promises', () => {
  it('AR-12: every rule of a SPEC.md has a test, and every test a rule', () => {
    const specs = [...ROOMS, 'tests']
      .map((room) => `${room}/SPEC.md`)
      .filter((path) => listFiles(path.slice(0, path.indexOf('/'))).includes(path))
      .map((path) => ({ path, text: readText(path) }));
    expect(judgeSpecRules(specs, readSources())).toEqual([]);
  });

  it('AR-12: an untested rule, a doubled rule, an unknown rule and a title without rule are rejected', () => {
    const specs = [{ path: 'SPEC.md', text: readText(`${FIXTURES}/spec-rules.md`) }];
    const { file } = readFixture('spec-rules.test.ts.txt');
    expect(judgeSpecRules(specs, [file])).toEqual([
      'SPEC.md:6 XX-3 is already the rule of SPEC.md:5',
      'sentinel/src/some.test.ts:9 the title does not begin with a rule, as in "GW-12: …"',
      'sentinel/src/some.test.ts:10 XX-9 is in no SPEC.md',
      'sentinel/src/some.test.ts:11 the title does not begin with a rule, as in "GW-12: …"',
      'sentinel/src/some.test.ts:16 XX-8 is in no SPEC.md',
      'sentinel/src/some.test.ts:20 the title does not begin with a rule, as in "GW-12: …"',
      'SPEC.md:7 XX-4 has no test',
    ]);
  });

  it('AR-13: the codes of all errors.ts are those of docs/errors.md', () => {
    const files = ROOMS.map((room) => `${room}/src/errors.ts`)
      .filter((path) => listFiles(path.slice(0, path.indexOf('/'))).includes(path))
      .map((path) => ({ path, text: readText(path) }));
    const document = listFiles('docs').includes('docs/errors.md') ? readText('docs/errors.md') : null;
    expect(judgeErrors(files, document, WIRE_CODES)).toEqual([]);
  });

  it('AR-13: an undocumented code and a documented code that nobody throws are rejected', () => {
    const files = [{ path: 'errors.ts', text: readText(`${FIXTURES}/errors.ts.txt`) }];
    const document = readText(`${FIXTURES}/errors.md`);
    expect(judgeErrors(files, document, WIRE_CODES)).toEqual([
      'errors.ts cable_unplugged is not in docs/errors.md',
      'docs/errors.md moon_full is thrown by nobody',
    ]);
  });
});
