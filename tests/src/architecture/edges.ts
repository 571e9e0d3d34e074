/** What may be touched only at an edge: timers, the environment, and names of the wire. */
import { isTest } from './import-direction.js';
import type { Guard, SourceFile } from './lib/guard.js';
import { scanImports } from './lib/imports.js';
import { lineAt } from './lib/source-text.js';

/** The files that own the platform's timers; everything else takes a clock. */
const TIMER_EDGES = [
  'runtime/src/clock.ts',
  // The last deadline of a process must pass even when nothing else works.
  'runtime/src/run-process.ts',
  'shared-schema/src/client/platform.ts',
  'web/src/platform/clock.ts',
  'tests/src/support/within.ts',
];
const TIMERS = /\b(?:setTimeout|setInterval|setImmediate)\b/g;
const ENVIRONMENT = /\bprocess\s*(?:\?\.|\.)\s*env\b|\benv\b[^;={}]*\}\s*=\s*process\b|\bprocess\[/g;
/** Names, as they stand between quotes. */
const WIRE_NAMES =
  /(['"`])(?:system:(?:metrics|events|logs)|\/api\/system\/ws|\/ws\/system|pulsewire\.v1|key\.|redis_unavailable)(?=\1|[?:/$])/g;
/** Close codes, as numbers. */
const CLOSE_CODES = /(?<![\w.])(?:1001|1008|1009|1012|1013|4401)(?![\w.])/g;

export const timersAtEdges: Guard = (file) => {
  if (TIMER_EDGES.includes(file.path)) return [];
  const modules = scanImports(file).filter(({ specifier }) => /^(node:)?timers(\/|$)/.test(specifier ?? ''));
  return [
    ...find(file, file.bare, TIMERS, (word) => `${word} outside a clock`),
    ...modules.map(({ line }) => ({ line, message: 'node:timers outside a clock' })),
  ];
};

export const environmentInMain: Guard = (file) => {
  if (file.workspace === 'tests' || file.path.endsWith('/src/main.ts')) return [];
  const modules = /\bimport\s[^;]*\benv\b[^;]*\bfrom\s*['"](?:node:)?process['"]/g;
  return [
    ...find(file, file.bare, ENVIRONMENT, () => 'the environment is read in main.ts only'),
    ...find(file, file.code, modules, () => 'the environment is read in main.ts only'),
  ];
};

/** Tests do write them out: an expectation taken from the constant under test would prove nothing. */
export const wireNamesInSchema: Guard = (file) => {
  if (file.workspace === 'shared-schema' || file.workspace === 'tests' || isTest(file)) return [];
  return [
    ...find(file, file.code, WIRE_NAMES, (word) => `${word.slice(1)} belongs to shared-schema`),
    ...find(file, file.bare, CLOSE_CODES, (word) => `close code ${word} belongs to shared-schema`),
  ];
};

function find(file: SourceFile, text: string, pattern: RegExp, say: (word: string) => string) {
  return [...text.matchAll(pattern)].map((match) => ({
    line: lineAt(file.text, match.index),
    message: say(match[0]),
  }));
}
