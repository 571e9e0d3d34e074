// npm run check: everything that can be judged without running the product. All steps run, so that one call tells
// everything that is wrong.
import { requireSetUp, run, say, step, tool } from './lib/tools.mjs';

requireSetUp();

const STEPS = [
  ['types', () => run(tool('tsc'), ['-b'], { quiet: true })],
  ['lint and format', () => run(tool('biome'), ['check', '--error-on-warnings', '.'], { quiet: true })],
  [
    'architecture',
    () => run(tool('vitest'), ['run', '--project', 'whole', 'tests/src/architecture'], { quiet: true }),
  ],
];

const failed = [];
for (const [name, action] of STEPS) {
  if (!(await step(name, action))) failed.push(name);
}
say(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
