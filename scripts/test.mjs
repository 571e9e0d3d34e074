// npm test [-- file filter …]: builds what has changed, provides what the tests need, and runs them all. The last
// line is "N passed, N failed", and ", N skipped" when there are any. With CI=true a skip counts as a failure.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from './lib/provision.mjs';
import { countResults, isSuccess, renderCounts, skippedTitles } from './lib/test-counts.mjs';
import { ROOT, requireSetUp, run, say, tool } from './lib/tools.mjs';

requireSetUp();
const built = await run(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
if (built.code !== 0) {
  say('0 passed, 1 failed');
  process.exit(1);
}
await provision();

const resultsFile = join(ROOT, 'tests/output/results.json');
mkdirSync(join(ROOT, 'tests/output'), { recursive: true });
rmSync(resultsFile, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
const { code } = await run(tool('vitest'), ['run', ...reporters, ...process.argv.slice(2)]);

const results = readResults();
for (const title of skippedTitles(results)) say(`skipped: ${title}`);
const counts = countResults(results, code);
process.exitCode = isSuccess(counts, process.env.CI === 'true') ? 0 : 1;
say(renderCounts(counts));

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}
