/** Which benches there are: every `<name>.bench.js` beside this file, so that no list has to be kept. */
import { readdirSync } from 'node:fs';
import type { Bench } from './harness.js';

const SUFFIX = '.bench.js';

export function listBenches(): string[] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** Rejects when the file does not export `bench`. */
export async function loadBench(name: string): Promise<Bench> {
  const loaded = (await import(new URL(`./${name}${SUFFIX}`, import.meta.url).href)) as { bench?: unknown };
  if (typeof loaded.bench !== 'function')
    throw new Error(`tests/bench/${name}.bench.ts must export \`bench\`, a function`);
  return loaded.bench as Bench;
}
