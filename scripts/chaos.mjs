// npm run chaos [-- --seed N --rounds N --clients N --engine ws|uws --redis server|cluster]: builds what has changed
// and breaks the feed's surroundings under load. Its last line is one JSON object; exit code 1 when a promise was broken.
import { join } from 'node:path';
import { ROOT, requireSetUp, run } from './lib/tools.mjs';

requireSetUp();
const built = await run(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
if (built.code !== 0) process.exit(built.code);
const entry = join(ROOT, 'tests/dist/src/chaos/run-chaos.js');
const { code } = await run(process.execPath, ['--enable-source-maps', entry, ...process.argv.slice(2)]);
process.exitCode = code;
