/** Who may import whom: the table of the architecture. Nothing flows back, and no process imports another. */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Guard, readText, type SourceFile } from './lib/guard.js';
import { type ImportedModule, scanImports } from './lib/imports.js';

const WITH_STORE = ['shared-schema', 'runtime', 'store'];
const PROCESSES = ['sentinel', 'ws-gateway', 'recorder', 'api', 'status-bridge'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'shared-schema': [],
  runtime: ['shared-schema'],
  store: ['shared-schema', 'runtime'],
  sentinel: ['shared-schema', 'runtime'],
  'ws-gateway': ['shared-schema', 'runtime'],
  recorder: WITH_STORE,
  api: WITH_STORE,
  'status-bridge': WITH_STORE,
  web: ['shared-schema'],
  app: [...WITH_STORE, ...PROCESSES, 'web'],
  tests: [...WITH_STORE, ...PROCESSES, 'web', 'app'],
};
/** These also run in browsers. */
const BROWSER_ROOMS = ['shared-schema', 'web'];
/** Installed at the root; for tests only. */
const TEST_TOOLS = ['vitest', 'fast-check'];

/** Imports between rooms go through the package's public entry, in the direction of the table. */
export const importDirection: Guard = (file) =>
  scanImports(file).flatMap((imported) => {
    const problem = judgeDirection(file, imported);
    return problem === undefined ? [] : [{ line: imported.line, message: problem }];
  });

/** What a browser loads cannot contain Node's built-in modules. Unit tests do run in Node. */
export const browserSafe: Guard = (file) =>
  !BROWSER_ROOMS.includes(file.workspace) || isTest(file)
    ? []
    : scanImports(file)
        .filter(({ specifier, typeOnly }) => specifier !== null && !typeOnly && isBuiltin(specifier))
        .map(({ specifier, line }) => ({ line, message: `${specifier} does not exist in a browser` }));

/** Hoisting lets any installed package be imported; a published package then breaks where it is used alone. */
export const declaredDependencies: Guard = (file) => {
  const declared = declaredBy(file.workspace);
  return scanImports(file).flatMap(({ specifier, line, typeOnly }) => {
    const name = specifier === null ? undefined : packageOf(specifier);
    if (name === undefined || typeOnly || declared.has(name)) return [];
    if (TEST_TOOLS.includes(name) && (isTest(file) || file.workspace === 'tests')) return [];
    return [{ line, message: `${name} is not in ${file.workspace}/package.json` }];
  });
};

/** `x.test.ts`, and what only tests use: `x.test-support.ts`. */
export function isTest({ path }: { path: string }): boolean {
  return /\.test(?:-support)?\.tsx?$/.test(path);
}

function judgeDirection(file: SourceFile, { specifier }: ImportedModule): string | undefined {
  if (specifier === null)
    return file.workspace === 'tests' ? undefined : 'a computed import cannot be judged';
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const target = posix.join(posix.dirname(file.path), specifier);
    const leaves = specifier.startsWith('/') || target.split('/')[0] !== file.workspace;
    if (/\.test(?:-support)?\.jsx?$/.test(specifier) && !isTest(file) && file.workspace !== 'tests')
      return `${specifier} is for tests only`;
    return leaves && file.workspace !== 'tests' ? `${specifier} leaves ${file.workspace}` : undefined;
  }
  const room = roomOf(specifier);
  if (room === undefined) return undefined;
  if (/\/(src|dist)(\/|$)/.test(specifier)) return `${specifier} goes past the public entry of ${room}`;
  if (room === file.workspace) return `${specifier} is this room itself; import the file`;
  return ALLOWED[file.workspace]?.includes(room) ? undefined : `${file.workspace} must not import ${room}`;
}

function roomOf(specifier: string): string | undefined {
  const scoped = /^@pulsewire\/([^/]+)/.exec(specifier)?.[1];
  return scoped ?? (/^pulsewire(\/|$)/.test(specifier) ? 'app' : undefined);
}

/** Name of the package that a specifier belongs to; `undefined` for files and built-in modules. */
function packageOf(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function declaredBy(workspace: string): Set<string> {
  const manifest = JSON.parse(readText(`${workspace}/package.json`)) as Record<string, object | undefined>;
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
}
