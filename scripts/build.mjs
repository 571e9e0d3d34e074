// npm run build: compiles every workspace, packs the dashboard, and bundles the sentinel.
// With --if-stale nothing happens when no source has changed since the last build.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint, isFresh, markFresh } from './lib/freshness.mjs';
import { fail, ROOT, requireSetUp, run, step, tool } from './lib/tools.mjs';

requireSetUp();
if (!(process.argv.includes('--if-stale') && isFresh())) await build();

async function build() {
  const print = fingerprint();
  const bundler = join(ROOT, 'sentinel/bundle.mjs');
  const steps = [
    ['compile', () => run(tool('tsc'), ['-b'], { quiet: true })],
    ['dashboard', () => run(tool('vite'), ['build'], { cwd: join(ROOT, 'web'), quiet: true })],
  ];
  if (existsSync(bundler)) steps.push(['bundle the sentinel', () => bundle(bundler)]);
  for (const [name, action] of steps) {
    if (!(await step(name, action))) fail(`The build failed at "${name}".`);
  }
  markFresh(print);
}

async function bundle(bundler) {
  const { bundleSentinel } = await import(pathToFileURL(bundler).href);
  try {
    await bundleSentinel();
    return { code: 0, output: '' };
  } catch (error) {
    return { code: 1, output: String(error.stack ?? error) };
  }
}
