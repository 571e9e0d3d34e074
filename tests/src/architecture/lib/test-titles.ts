/** Finds the titles of tests in source text, without running it: `it('…')`, `it.each(table)('…')`, `test.prop(…)('…')`. */
import { lineAt, type SourceText } from './source-text.js';

export interface TestTitle {
  /** `null` when the title is not written where the test is. */
  title: string | null;
  line: number;
}

const TEST_WORD = /(?<![\w$.'-])(?:it|test)(?=\s*[.(<`])/g;
const CLOSER: Readonly<Record<string, string>> = { '(': ')', '<': '>', '[': ']', '`': '`' };

export function scanTestTitles({ code, bare }: SourceText): TestTitle[] {
  const titles: TestTitle[] = [];
  for (const { index } of bare.matchAll(TEST_WORD)) {
    const open = titleCallAt(bare, bare.indexOf(bare.slice(index).startsWith('it') ? 'it' : 'test', index));
    if (open === undefined) continue;
    const literal = /^\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/.exec(code.slice(open + 1));
    const line = lineAt(code, index);
    const table = rulesOfTable(literal?.[2] ?? '', code.slice(index, open));
    if (table.length === 0) titles.push({ title: literal?.[2] ?? null, line });
    for (const title of table) titles.push({ title, line });
  }
  return titles;
}

/** `it.each([['GW-31', …], …])('%s: …')` takes its rules from the table. */
function rulesOfTable(title: string, table: string): string[] {
  if (!title.startsWith('%s: ')) return [];
  const rules = [...table.matchAll(/(['"`])([A-Z]{2,5}-\d+[a-z]?)\1/g)].map((match) => match[2] ?? '');
  return [...new Set(rules)].map((rule) => title.replace('%s', rule));
}

/**
 * Offset of the parenthesis whose first argument is the title: the last one of the chain of calls, since in
 * `it.each(table)('title', run)` the first pair holds the table. `undefined` for something that is not a test.
 */
function titleCallAt(bare: string, start: number): number | undefined {
  let at = start + (/^\w+/.exec(bare.slice(start))?.[0].length ?? 0);
  let open: number | undefined;
  for (;;) {
    at += /^\s*/.exec(bare.slice(at))?.[0].length ?? 0;
    const member = /^\.\s*\w+/.exec(bare.slice(at));
    if (member !== null) {
      // `test.each` yes, `test.describe` or `it.toString` no.
      if (!/^\.\s*(?:each|for|prop|only|skip|skipIf|runIf|fails|todo|concurrent|sequential)$/.test(member[0]))
        return open;
      at += member[0].length;
      continue;
    }
    const character = bare[at] ?? '';
    const closer = CLOSER[character];
    if (closer === undefined || character === '[') return open;
    if (character === '(') open = at;
    at = endOfGroup(bare, at, character, closer);
  }
}

function endOfGroup(bare: string, start: number, opener: string, closer: string): number {
  if (opener === closer) return bare.indexOf(closer, start + 1) + 1;
  let depth = 0;
  for (let i = start; i < bare.length; i += 1) {
    if (bare[i] === opener) depth += 1;
    // The arrow of a function type is no bracket.
    if (bare[i] === closer && !(closer === '>' && bare[i - 1] === '=')) depth -= 1;
    if (depth === 0) return i + 1;
  }
  return bare.length;
}
