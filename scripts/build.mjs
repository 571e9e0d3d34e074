// npm run build: compiles every workspace, packs the dashboard and a new database, and
// bundles the sentinel.
// With --if-stale nothing happens when no source has changed since the last build.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint, isFresh, markFresh } from './lib/freshness.mjs';
import { fail, ROOT, requireSetUp, run, step, tool } from './lib/tools.mjs';

requireSetUp();
if (!(process.argv.includes('--if-stale') && isFresh())) await build();

async function build() {
  const print = fingerprint();
  const steps = [
    ['compile', () => run(tool('tsc'), ['-b'], { quiet: true })],
    ['dashboard', () => run(tool('vite'), ['build'], { cwd: join(ROOT, 'web'), quiet: true })],
    ['bundle the sentinel', () => call('sentinel/bundle.mjs', 'bundleSentinel')],
    ['pack a new database', () => call('store/make-template.mjs', 'makeTemplate')],
  ];
  for (const [name, action] of steps) {
    if (!(await step(name, action))) fail(`The build failed at "${name}".`);
  }
  markFresh(print);
}

/** Of a module of a workspace, as a step. */
async function call(path, name) {
  try {
    const module = await import(pathToFileURL(join(ROOT, path)).href);
    await module[name]();
    return { code: 0, output: '' };
  } catch (error) {
    return { code: 1, output: String(error.stack ?? error) };
  }
}
