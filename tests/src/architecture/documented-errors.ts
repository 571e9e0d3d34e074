/** The codes that we throw are those that the documentation explains, and the other way round. */

export interface ErrorsFile {
  path: string;
  text: string;
}

/** `export const RUNTIME_ERRORS = { … }`. */
const TABLE = /\bexport\s+const\s+[A-Z_]+_ERRORS\b[^=]*=\s*\{([^}]*)\}/g;
/** A key with a text; the text may stand on the next line. */
const CODE = /^\s*([a-z][a-z0-9_]*):/gm;
/** The code that a table row, a list item or a heading of the document begins with. */
const DOCUMENTED = /^\s*(?:\|\s*|[-*]\s+|#+\s+)`([a-z][a-z0-9_]*)`/gm;

/**
 * `wireCodes` are the codes of the contract; they may be explained in the same document, but have a place of their
 * own. `document` is `null` when there is none.
 */
export function judgeErrors(
  files: readonly ErrorsFile[],
  document: string | null,
  wireCodes: readonly string[],
): string[] {
  const documented = new Set([...(document ?? '').matchAll(DOCUMENTED)].map(([, code]) => code));
  const thrown = new Set<string>();
  const problems: string[] = [];
  for (const { path, text } of files) {
    const codes = [...text.matchAll(TABLE)].flatMap(([, body = '']) =>
      [...body.matchAll(CODE)].map(([, code = '']) => code),
    );
    if (codes.length === 0) problems.push(`${path} exports no table "…_ERRORS" of codes`);
    for (const code of codes) {
      thrown.add(code);
      if (!documented.has(code)) problems.push(`${path} ${code} is not in docs/errors.md`);
    }
  }
  for (const code of documented)
    if (code !== undefined && !thrown.has(code) && !wireCodes.includes(code))
      problems.push(`docs/errors.md ${code} is thrown by nobody`);
  return problems;
}
