/** Every way in which one file of ours can reach another: static, re-exported, dynamic, mocked, by URL. */
import { lineAt, type SourceText } from './source-text.js';

export interface ImportedModule {
  /** `null` when it is computed, and so cannot be judged. */
  specifier: string | null;
  line: number;
  /** Erased when compiled. */
  typeOnly: boolean;
}

const STRING = /(?<quote>['"`])(?<specifier>[^'"`\n]*)\k<quote>/.source;
/** The first keyword of each pattern must stand in code, not within a string. */
const STATIC = [
  new RegExp(`\\bimport\\s+(?<type>type\\s+)?(?:[\\w$*{}\\s,]+?\\s+from\\s*)?${STRING}`, 'g'),
  new RegExp(
    `\\bexport\\s+(?<type>type\\s+)?(?:\\*(?:\\s+as\\s+\\w+)?|\\{[^}]*\\})\\s*from\\s*${STRING}`,
    'g',
  ),
];
const CALLS =
  /\b(?:import|require|import\.meta\.resolve|vi\.(?:mock|doMock|importActual))\s*(?:<[^>(]*>)?\(\s*/g;
const URLS = new RegExp(`\\bnew\\s+URL\\(\\s*${STRING}\\s*,\\s*import\\.meta\\.url`, 'g');
const LITERAL_ARGUMENT = new RegExp(`^${STRING}\\s*[,)]`);

export function scanImports({ code, bare }: SourceText): ImportedModule[] {
  const isCode = (offset: number) => bare.slice(offset, offset + 3) === code.slice(offset, offset + 3);
  const found: ImportedModule[] = [];
  for (const pattern of [...STATIC, URLS])
    for (const match of code.matchAll(pattern))
      if (isCode(match.index))
        found.push({
          specifier: match.groups?.['specifier'] ?? '',
          line: lineAt(code, match.index),
          typeOnly: match.groups?.['type'] !== undefined,
        });
  for (const match of code.matchAll(CALLS)) {
    if (!isCode(match.index)) continue;
    const literal = LITERAL_ARGUMENT.exec(code.slice(match.index + match[0].length));
    const specifier = literal?.groups?.['specifier'] ?? null;
    const isType = /\btypeof\s+$/.test(code.slice(0, match.index));
    found.push({
      specifier: specifier?.includes('${') ? null : specifier,
      line: lineAt(code, match.index),
      typeOnly: isType,
    });
  }
  return found.sort((a, b) => a.line - b.line);
}
