// npm run bench -- NAME [--quick]: builds what has changed and runs one bench. Its last line is one JSON object.
import { join } from 'node:path';
import { ROOT, requireSetUp, run } from './lib/tools.mjs';

requireSetUp();
const built = await run(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
if (built.code !== 0) process.exit(built.code);
const entry = join(ROOT, 'tests/dist/bench/run-bench.js');
const { code } = await run(process.execPath, ['--enable-source-maps', entry, ...process.argv.slice(2)]);
process.exitCode = code;
