import { describe, expect, it } from 'vitest';
import { browserSafe, declaredDependencies, importDirection } from './import-direction.js';
import { judge, readFixture, reportedLines } from './lib/guard.js';

describe('imports', () => {
  it('AR-1: every import of the repository follows the table', () => {
    expect(judge(importDirection)).toEqual([]);
  });

  it('AR-1: a process that reaches into another, in whatever way, is rejected', () => {
    const { file, rejectedLines } = readFixture('process-imports-process.ts.txt');
    expect(reportedLines(importDirection, file)).toEqual(rejectedLines);
  });

  it('AR-1: a dashboard that reaches into Node code is rejected', () => {
    const { file, rejectedLines } = readFixture('web-imports-runtime.ts.txt');
    expect(reportedLines(importDirection, file)).toEqual(rejectedLines);
  });

  it('AR-2: nothing that a browser loads imports a built-in module of Node', () => {
    expect(judge(browserSafe)).toEqual([]);
  });

  it('AR-2: a contract that reads a file is rejected', () => {
    const { file, rejectedLines } = readFixture('schema-imports-node.ts.txt');
    expect(reportedLines(browserSafe, file)).toEqual(rejectedLines);
  });

  it('AR-3: every imported package is declared by the workspace that imports it', () => {
    expect(judge(declaredDependencies)).toEqual([]);
  });

  it('AR-3: a package that is only there by hoisting is rejected', () => {
    const { file, rejectedLines } = readFixture('undeclared-package.ts.txt');
    expect(reportedLines(declaredDependencies, file)).toEqual(rejectedLines);
  });
});
