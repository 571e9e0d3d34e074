/** Where the built processes are, whether this code itself runs from source or compiled. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ProcessName = 'app' | 'sentinel' | 'ws-gateway';

export const REPOSITORY_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The file to give to `node`. Throws when the process has not been built. */
export function builtEntry(name: ProcessName): string {
  const file = join(REPOSITORY_ROOT, name, 'dist', 'main.js');
  if (!existsSync(file)) throw new Error(`${name} is not built; run "npm run build"`);
  return file;
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'biome.json')) ? folder : findRoot(dirname(folder));
}
