/**
 * Child processes of tests: started, watched by their output, and always ended by the process id that we started,
 * at the latest when the test process itself exits.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from './within.js';

/** How a process ended: one of the two is `null`. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface TestProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** Everything written to stdout and stderr so far, in order of arrival. */
  output(): string;
  /** The first line, past or future, that matches. Rejects when the process ends without it, or after 15 s. */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal (default SIGTERM) and awaits the end; after `timeoutMs` (10 s) SIGKILL. */
  stop(signal?: NodeJS.Signals, timeoutMs?: number): Promise<ProcessExit>;
}

export interface StartProcessOptions {
  /** Resolves only once a line matches; without it, as soon as the process runs. */
  readyWhen?: RegExp;
  timeoutMs?: number;
  cwd?: string;
  /** Sent when the test process exits first. Default SIGKILL. */
  lastSignal?: NodeJS.Signals;
}

const running = new Map<ChildProcess, NodeJS.Signals>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const [child, signal] of running) child.kill(signal);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
// A test runner ends its workers with a signal, or vanishes itself; neither would run the line above.
for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'] as const)
  process.once(event, () => process.exit(1));

/** A new temporary folder that is gone, at the latest, when the test process exits. */
export async function makeFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pulsewire-${purpose}-`));
  folders.add(folder);
  return folder;
}

/**
 * Starts `command`. `env` is the whole environment but for PATH and HOME, which are inherited, so that a setting of
 * the developer's shell cannot leak into a test.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: StartProcessOptions = {},
): Promise<TestProcess> {
  const name = `${command} ${args.join(' ')}`;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inheritedEnvironment(), ...env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`, { cause: await failureOf(child) });
  running.set(child, options.lastSignal ?? 'SIGKILL');
  const started = watch(child, pid, name, exited);
  if (options.readyWhen === undefined) return started;
  try {
    await started.line(options.readyWhen, options.timeoutMs);
    return started;
  } catch (error) {
    await started.stop();
    throw error;
  }
}

function watch(child: ChildProcess, pid: number, name: string, exited: Promise<ProcessExit>): TestProcess {
  let text = '';
  const readers = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const read of [...readers]) read();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  function line(pattern: RegExp, timeoutMs = 15_000): Promise<RegExpExecArray> {
    let read = () => {};
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      read = () => {
        const match = firstMatch(text, pattern);
        if (match !== undefined) resolve(match);
      };
      readers.add(read);
      read();
      void exited.then(({ code, signal }) =>
        reject(new Error(`${name} ended (${signal ?? code}) without ${pattern}\n${text}`)),
      );
    });
    const what = `a line ${pattern} of ${name}`;
    return within(found, timeoutMs, what, () => text).finally(() => readers.delete(read));
  }

  return {
    pid,
    exited,
    output: () => text,
    line,
    signal: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM', timeoutMs = 10_000) {
      child.kill(signal);
      try {
        return await within(exited, timeoutMs, `the end of ${name}`);
      } catch {
        child.kill('SIGKILL');
        return exited;
      }
    },
  };
}

/** `close`, not `exit`: by then the whole output has been read. */
function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
}

function failureOf(child: ChildProcess): Promise<Error> {
  return new Promise((resolve) => child.once('error', resolve));
}

/** Only whole lines count: half of one could match by accident. */
function firstMatch(text: string, pattern: RegExp): RegExpExecArray | undefined {
  for (const line of text.split('\n').slice(0, -1)) {
    const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

function inheritedEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH: `${PATH}:/usr/sbin:/sbin`, HOME };
}
