// Whether a build is still that of the sources: a stamp of every input's path, size and modification time. It does
// not ask git, so that it also works in an unpacked archive.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, WORKSPACES } from './tools.mjs';

const STAMP = join(ROOT, 'node_modules/.cache/pulsewire/build-stamp');
const PROCESSES = ['app', 'sentinel', 'ws-gateway', 'recorder', 'api', 'status-bridge'];
const OUTPUTS = [
  ...PROCESSES.map((name) => `${name}/dist/main.js`),
  'store/dist/embedded/template.tar.gz',
  'web/dist/index.html',
  'tests/dist/bench/run-bench.js',
];
const NOT_INPUTS = new Set(['dist', 'dist-types', 'node_modules', 'output', 'fixtures']);

/** True when nothing that the build reads has changed since {@link markFresh}. */
export function isFresh() {
  if (!OUTPUTS.every((output) => existsSync(join(ROOT, output)))) return false;
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/** To be taken before a build and handed to {@link markFresh}: what changes during the build is not built. */
export function fingerprint(root = ROOT) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  hash.update(process.version);
  for (const file of ['package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.base.json'])
    add(join(root, file));
  for (const folder of [...WORKSPACES, 'scripts']) addFolder(join(root, folder), add);
  return hash.digest('hex');
}

export function markFresh(print) {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, print);
}

function addFolder(folder, add) {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (NOT_INPUTS.has(entry.name) || entry.name.endsWith('.md')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(path, add);
    else if (entry.isFile()) add(path);
  }
}
