/** Every rule has a test that names it, and every test names a rule. */
import type { SourceFile } from './lib/guard.js';
import { scanImports } from './lib/imports.js';
import { scanTestTitles } from './lib/test-titles.js';

export interface SpecFile {
  path: string;
  text: string;
}

/** `GW-12`, at the start of a line, where a list dash or bold stars may stand before it. */
const RULE_LINE = /^\s*(?:[-*]\s+)?\*{0,2}([A-Z]{2,5}-\d+[a-z]?)\b/;
/** `GW-12: …`, or `GW-12, GW-13: …` where one behaviour holds two promises. */
const TITLE = /^([A-Z]{2,5}-\d+[a-z]?(?:, [A-Z]{2,5}-\d+[a-z]?)*): \S/;

export function judgeSpecRules(specs: readonly SpecFile[], files: readonly SourceFile[]): string[] {
  const rules = new Map<string, string>();
  const problems: string[] = [];
  for (const { path, text } of specs)
    text.split('\n').forEach((line, i) => {
      const id = RULE_LINE.exec(line)?.[1];
      if (id === undefined) return;
      const place = `${path}:${i + 1}`;
      const first = rules.get(id);
      if (first === undefined) rules.set(id, place);
      else problems.push(`${place} ${id} is already the rule of ${first}`);
    });

  const tested = new Set<string>();
  for (const file of files.filter(holdsTests))
    for (const { title, line } of scanTestTitles(file)) {
      const place = `${file.path}:${line}`;
      const ids = TITLE.exec(title ?? '')?.[1]?.split(', ');
      if (ids === undefined) problems.push(`${place} the title does not begin with a rule, as in "GW-12: …"`);
      for (const id of ids ?? []) {
        tested.add(id);
        if (!rules.has(id)) problems.push(`${place} ${id} is in no SPEC.md`);
      }
    }
  for (const [id, place] of rules) if (!tested.has(id)) problems.push(`${place} ${id} has no test`);
  return problems;
}

/** Contract suites hold tests, too, and are no test files themselves. */
function holdsTests(file: SourceFile): boolean {
  return scanImports(file).some(({ specifier, typeOnly }) => specifier === 'vitest' && !typeOnly);
}
