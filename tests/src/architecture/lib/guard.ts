/**
 * A *guard* judges one source file by its text and names what breaks its rule, by line. Guards know no file system:
 * the repository and the fixtures that must be rejected go through the same function.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deriveSourceText, type SourceText } from './source-text.js';

export interface SourceFile extends SourceText {
  /** From the root of the repository, with forward slashes. */
  path: string;
  /** First part of the path. */
  workspace: string;
  text: string;
}

export interface Violation {
  path: string;
  line: number;
  message: string;
}

export type Guard = (file: SourceFile) => { line: number; message: string }[];

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** Product rooms; `tests` crosses them and obeys its own, fewer rules. */
export const ROOMS = [
  'shared-schema',
  'runtime',
  'store',
  'sentinel',
  'ws-gateway',
  'recorder',
  'api',
  'status-bridge',
  'web',
  'app',
] as const;

const SOURCE_FOLDERS = [...ROOMS.map((room) => `${room}/src`), 'tests/src', 'tests/bench'];
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
/** Ends a fixture's line that must be reported. */
const MARK = '// reject';
/** Read once: every guard of a test file judges the same text. */
let sources: SourceFile[] | undefined;

export function sourceFile(path: string, text: string): SourceFile {
  return { path, workspace: path.split('/')[0] ?? '', text, ...deriveSourceText(text) };
}

/** Every TypeScript file of the product and the tests. */
export function readSources(): readonly SourceFile[] {
  sources ??= SOURCE_FOLDERS.flatMap((folder) => listFiles(folder))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => sourceFile(path, readText(path)));
  return sources;
}

/** Paths of all files below a folder of the repository; none when it does not exist. */
export function listFiles(folder: string): string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|dist|dist-types|fixtures)\//.test(path));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What a guard says about the repository, as `path:line message`: easy to click, easy to compare with `[]`. */
export function judge(guard: Guard, files: readonly SourceFile[] = readSources()): string[] {
  return files.flatMap((file) => guard(file).map(({ line, message }) => `${file.path}:${line} ${message}`));
}

export interface Fixture {
  file: SourceFile;
  /** Lines that carry the mark. */
  rejectedLines: number[];
}

/** A file that pretends to be at the path of its first line (`// at <path>`) and breaks a rule on marked lines. */
export function readFixture(name: string): Fixture {
  const text = readFileSync(join(FIXTURES, name), 'utf8');
  const path = /^\/\/ at (\S+)/.exec(text)?.[1];
  if (path === undefined) throw new Error(`${name} must begin with "// at <path>"`);
  const lines = text.split('\n');
  const rejectedLines = lines.flatMap((line, i) => (line.trimEnd().endsWith(MARK) ? [i + 1] : []));
  return { file: sourceFile(path, text), rejectedLines };
}

/** The lines of a file that a guard reports, each once. */
export function reportedLines(guard: Guard, file: SourceFile): number[] {
  return [...new Set(guard(file).map(({ line }) => line))].sort((a, b) => a - b);
}

function readEntries(folder: string) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
}
