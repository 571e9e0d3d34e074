/** `node run-bench.js NAME [--quick]`: the table for people, then one line of JSON. Exit 2 for a wrong call. */
import { renderSummary, renderTable } from './harness.js';
import { listBenches, loadBench } from './registry.js';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const [name = '', ...unexpected] = args.filter((arg) => arg !== '--quick');

if (unexpected.length > 0 || !listBenches().includes(name)) {
  const known = listBenches().join(', ') || 'none yet';
  process.stderr.write(`usage: npm run bench -- NAME [--quick]\nbenches: ${known}\n`);
  process.exit(2);
}

const bench = await loadBench(name);
const result = await bench({ quick, note: (line) => process.stderr.write(`${line}\n`) });
const figures = Object.entries(result.figures).map(([figure, value]) => ({ figure, value }));
process.stdout.write(`\n${renderTable(result.rows)}\n\n${renderTable(figures)}\n\n`);
process.stdout.write(`${renderSummary(result)}\n`);
process.exit(0);
