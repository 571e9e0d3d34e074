/** Where the built processes are, whether this code itself runs from source or compiled. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ProcessName = 'app' | 'sentinel' | 'ws-gateway' | 'recorder' | 'api' | 'status-bridge';

export const REPOSITORY_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The file to give to `node`. Throws when the process has not been built. */
export function builtEntry(name: ProcessName): string {
  const file = join(REPOSITORY_ROOT, name, 'dist', 'main.js');
  if (!existsSync(file)) throw new Error(`${name} is not built; run "npm run build"`);
  return file;
}

/** What to give to `node` so that the process runs as its own start script runs it: flags, then the file. */
export function builtCommand(name: ProcessName): string[] {
  const manifest = readFileSync(join(REPOSITORY_ROOT, name, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(manifest) as { scripts: { start: string } };
  const flags = scripts.start.split('exec node ')[1]?.split(' ').slice(0, -1) ?? [];
  return [...flags, builtEntry(name)];
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'biome.json')) ? folder : findRoot(dirname(folder));
}
