/** What a file looks like: its name, its length, and what it may not contain. */
import { isTest } from './import-direction.js';
import type { Guard } from './lib/guard.js';
import { lineAt } from './lib/source-text.js';

export const MAX_LINES = 300;

const KEBAB_FILE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.(?:tsx?|mjs|css)$/;
const KEBAB_FOLDER = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** `any` as a type: after a colon, a bracket, a union, `as`, `extends`. */
const ANY = /(?:[:<|&]\s*|<[\w\s,|[\]]*,\s*(?=any\s*[,>])|\b(?:as|extends|is)\s+)any\b(?!\s*[:(?])/g;
const SUPPRESSIONS = /(?:\/\/|\/\*)\s*@ts-(?:ignore|nocheck|expect-error)/g;
/** Vitest calls the default export of a global set-up, and offers no other way. */
const DEFAULT_EXPORT_FILES = ['tests/src/support/global-setup.ts'];

export const kebabCaseNames: Guard = ({ path }) => {
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  const wrong = [
    ...parts.filter((part) => !KEBAB_FOLDER.test(part)),
    ...(KEBAB_FILE.test(file) ? [] : [file]),
  ];
  return wrong.map((part) => ({ line: 1, message: `${part} is not kebab-case` }));
};

export const shortFiles: Guard = ({ text }) => {
  const lines = text.replace(/\n$/, '').split('\n').length;
  return lines <= MAX_LINES ? [] : [{ line: lines, message: `${lines} lines; ${MAX_LINES} at most` }];
};

export const explicitExports: Guard = ({ path, bare }) => [
  ...[...bare.matchAll(/\bexport\s+(?:type\s+)?\*/g)].map(({ index }) => ({
    line: lineAt(bare, index),
    message: 'export * hides what is public; list the names',
  })),
  ...(DEFAULT_EXPORT_FILES.includes(path)
    ? []
    : [...bare.matchAll(/\bexport\s+default\b|\bas\s+default\b/g)].map(({ index }) => ({
        line: lineAt(bare, index),
        message: 'a default export has no name; name it',
      }))),
];

export const checkedTypes: Guard = (file) => [
  ...[...file.bare.matchAll(ANY)].map(({ index }) => ({
    line: lineAt(file.bare, index),
    message: 'any switches the types off; take unknown and parse',
  })),
  // Only a test of types may expect an error, because that is its assertion.
  ...[...file.text.matchAll(SUPPRESSIONS)]
    .filter(([word]) => !(isTest(file) && word.endsWith('expect-error')))
    .map(({ index }) => ({ line: lineAt(file.text, index), message: 'a silenced type error' })),
];

/** Errors with a code live together, so that the list of codes is complete. */
export const errorsInOneFile: Guard = ({ path, workspace, bare }) =>
  workspace === 'tests' || path.endsWith('/errors.ts')
    ? []
    : [...bare.matchAll(/\bclass\s+\w+(?:<[^>]*>)?\s+extends\s+\w*Error\b/g)].map(({ index }) => ({
        line: lineAt(bare, index),
        message: 'error classes belong to errors.ts',
      }));
