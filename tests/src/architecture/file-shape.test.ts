import { describe, expect, it } from 'vitest';
import { checkedTypes, errorsInOneFile, explicitExports, kebabCaseNames, shortFiles } from './file-shape.js';
import {
  judge,
  listFiles,
  readFixture,
  readSources,
  readText,
  reportedLines,
  sourceFile,
} from './lib/guard.js';

/** Name and length are also asked of what is not TypeScript. */
function readAllCode() {
  const others = ['web', 'sentinel', 'scripts']
    .flatMap((folder) => listFiles(folder))
    .filter((path) => /\.(mjs|css)$/.test(path))
    .map((path) => sourceFile(path, readText(path)));
  return [...readSources(), ...others];
}

describe('shape of files', () => {
  it('AR-7: no file has more than 300 lines', () => {
    expect(judge(shortFiles, readAllCode())).toEqual([]);
  });

  it('AR-7: a file of 301 lines is rejected, one of 300 is not', () => {
    const { file, rejectedLines } = readFixture('too-long.ts.txt');
    expect(reportedLines(shortFiles, file)).toEqual(rejectedLines);
    const shorter = sourceFile(file.path, file.text.split('\n').slice(1).join('\n'));
    expect(reportedLines(shortFiles, shorter)).toEqual([]);
  });

  it('AR-8: every export is listed by name', () => {
    expect(judge(explicitExports)).toEqual([]);
  });

  it('AR-8: export * and default exports are rejected', () => {
    const { file, rejectedLines } = readFixture('hidden-exports.ts.txt');
    expect(reportedLines(explicitExports, file)).toEqual(rejectedLines);
  });

  it('AR-9: nobody switches the types off', () => {
    expect(judge(checkedTypes)).toEqual([]);
  });

  it('AR-9: any and silenced type errors are rejected', () => {
    const { file, rejectedLines } = readFixture('unchecked-types.ts.txt');
    expect(reportedLines(checkedTypes, file)).toEqual(rejectedLines);
  });

  it('AR-10: names of files and folders are kebab-case', () => {
    expect(judge(kebabCaseNames, readAllCode())).toEqual([]);
  });

  it('AR-10: a file and a folder in other cases are rejected', () => {
    const { file, rejectedLines } = readFixture('camel-case-name.ts.txt');
    expect(reportedLines(kebabCaseNames, file)).toEqual(rejectedLines);
    expect(kebabCaseNames(file)).toHaveLength(2);
  });

  it('AR-11: error classes live in errors.ts', () => {
    expect(judge(errorsInOneFile)).toEqual([]);
  });

  it('AR-11: an error class elsewhere is rejected', () => {
    const { file, rejectedLines } = readFixture('stray-error.ts.txt');
    expect(reportedLines(errorsInOneFile, file)).toEqual(rejectedLines);
  });
});
