// npm run dev: compiles on every change, restarts the app, and serves the dashboard through Vite. One Ctrl-C, or
// the end of any of the three, ends all.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, ROOT, requireSetUp, run, tool } from './lib/tools.mjs';

requireSetUp();
const built = await run(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
if (built.code !== 0) fail('Development starts from a build that works.');

const COMMANDS = [
  [tool('tsc'), ['-b', '--watch', '--preserveWatchOutput'], ROOT],
  [
    process.execPath,
    ['--watch', '--watch-preserve-output', '--enable-source-maps', 'app/dist/main.js'],
    ROOT,
  ],
  [tool('vite'), [], join(ROOT, 'web')],
];

// Each in a process group of its own, because the compiler is a wrapper that does not pass signals on. A group in the
// background may write to the terminal but not read from it, hence no stdin.
const children = COMMANDS.map(([command, args, cwd]) =>
  spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true }),
);
let ending = false;

function endAll(exitCode) {
  if (ending) return;
  ending = true;
  process.exitCode = exitCode;
  for (const child of children) endGroup(child);
}

function endGroup({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

for (const child of children) {
  child.once('exit', (code) => endAll(code ?? 0));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    endAll(1);
  });
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endAll(0));
