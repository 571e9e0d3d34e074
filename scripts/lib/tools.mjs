// What the scripts share: paths, the checks before anything runs, and running a step with one line of report.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** In the order in which the data flows; each is a TypeScript project of its own. */
export const WORKSPACES = [
  'shared-schema',
  'runtime',
  'store',
  'sentinel',
  'ws-gateway',
  'recorder',
  'api',
  'status-bridge',
  'web',
  'app',
  'tests',
];

const OLDEST_NODE = [20, 19];

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Ends the process with the reason and the fix. */
export function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

/** Stops with one clear sentence where a stack trace would follow later. */
export function requireSetUp() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    fail(`Pulsewire needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`);
  if (!existsSync(tool('tsc'))) fail('The dependencies are not installed: run "npm install" first.');
}

/** Path of an installed command line tool. */
export function tool(name) {
  return join(ROOT, 'node_modules/.bin', name);
}

/**
 * Runs a command in the foreground and resolves with its exit code. `quiet` keeps its output back and resolves
 * with it, to be shown only when something went wrong. A SIGTERM to this process ends the command as well.
 */
export function run(command, args, { cwd = ROOT, env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    const endToo = () => child.kill('SIGTERM');
    process.once('SIGTERM', endToo);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', endToo);
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

/** Runs one step quietly, says how it went and how long it took, and shows its output only when it failed. */
export async function step(name, action) {
  const startMs = performance.now();
  const { code, output } = await action();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) say(output.trimEnd());
  return code === 0;
}
