/** The embedded database: a child process that is started again when it dies, and the address of its socket. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cancel, type Clock, type Logger, type Stoppable, systemClock } from '@pulsewire/runtime';
import { StoreError } from '../errors.js';
import { EMBEDDED_NODE_FLAGS, READY, VERSION_FILE, WAITING } from './embedded-settings.js';

export interface PgliteOptions {
  /** Where the database is kept; made (0700) when it is missing. */
  dataDir: string;
  logger: Logger;
  clock?: Clock;
  /** The compiled file of the child process, where the caller is a bundle. */
  entry?: string;
  /** A packed new database, to be unpacked where there is none. Without a usable one PostgreSQL makes it. */
  template?: string;
  /** Ends a start that is under way, at once; it is then rejected. Afterwards there is `stop`. */
  signal?: AbortSignal;
}

export interface Pglite extends Stoppable {
  /** For `openDatabase`, together with `connections`. Stays the same when the process is started again. */
  readonly url: string;
  readonly connections: 1;
  /** Of the running process, or `null` between two. */
  readonly pid: number | null;
}

/** From the sources as well as from what was built of them. */
const ENTRY = fileURLToPath(new URL('../../dist/embedded/embedded-main.js', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('../../dist/embedded/template.tar.gz', import.meta.url));
/** The name that PostgreSQL's clients look for in a folder. */
const SOCKET = '.s.PGSQL.5432';
const RESTART_MS = 1000;
const MAX_RESTART_MS = 30_000;
const START_TIMEOUT_MS = 60_000;
/** A database whose parent was killed closes first. */
const WAIT_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5000;
/** Of a core that it has to share it gets a tenth. */
const PRIORITY = 10;

/**
 * Resolves when it takes connections; its first start takes longer, because the database is made. Rejects with
 * `embedded_unusable`. The socket is in a folder that only this user may enter: PGlite knows no passwords.
 */
export async function startPglite(options: PgliteOptions): Promise<Pglite> {
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ component: 'embedded-database' });
  const entry = options.entry ?? ENTRY;
  const { dataDir } = options;
  const start = { clock, signal: options.signal ?? new AbortController().signal };
  let folder: string;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // To make a database takes memory that the process which serves it would keep.
    if (!existsSync(join(dataDir, VERSION_FILE)))
      await runToEnd(entry, ['init', dataDir, options.template ?? TEMPLATE], start);
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-db-'));
  } catch (error) {
    throw unusable(dataDir, error);
  }
  const path = join(folder, SOCKET);
  let child: ChildProcess | null = null;
  let stopping = false;
  let failedStarts = 0;
  let cancelRestart: Cancel = () => {};

  async function serve(): Promise<void> {
    await rm(path, { force: true });
    const started = launch(entry, ['serve', dataDir, path]);
    child = started;
    started.once('exit', () => {
      child = null;
    });
    await answerOf(started, start);
    failedStarts = 0;
    started.once('exit', (code, signal) => {
      if (stopping) return;
      logger.error({ code, signal }, 'the embedded database ended; it is started again');
      restartLater();
    });
  }

  function restartLater(): void {
    const afterMs = Math.min(RESTART_MS * 2 ** failedStarts, MAX_RESTART_MS);
    cancelRestart = clock.after(afterMs, () => void restart());
  }

  async function restart(): Promise<void> {
    try {
      await serve();
    } catch (error) {
      if (stopping) return;
      if (failedStarts === 0)
        logger.error({ err: error }, 'the embedded database does not start; it is tried again and again');
      failedStarts += 1;
      restartLater();
    }
  }

  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    cancelRestart();
    if (child !== null) await endChild(child, clock);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await serve();
  } catch (error) {
    await stop();
    throw unusable(dataDir, error);
  }
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    connections: 1,
    get pid() {
      return child?.pid ?? null;
    },
    stop,
  };
}

interface Start {
  clock: Clock;
  signal: AbortSignal;
}

function launch(entry: string, args: readonly string[]): ChildProcess {
  // An environment of its own: secrets of the parent are nothing that a database needs.
  const child = fork(entry, args, {
    execArgv: [...EMBEDDED_NODE_FLAGS],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  yieldToOthers(child);
  return child;
}

/** Where there is not enough CPU for everything, what is live goes before what is recorded. */
function yieldToOthers({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, PRIORITY);
  } catch {
    // It has ended already, which whoever launched it is told of.
  }
}

async function runToEnd(entry: string, args: readonly string[], start: Start): Promise<void> {
  const child = launch(entry, args);
  const watch = watchStart(child, start);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  }).finally(watch.end);
  if (code !== 0) throw watch.failure(code);
}

function answerOf(child: ChildProcess, start: Start): Promise<void> {
  const watch = watchStart(child, start);
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(watch.failure(signal ?? code)));
    child.on('message', (message) => {
      if (message === READY) resolve();
    });
  }).finally(watch.end);
}

/** Kills a child that does not come to an end with starting, and remembers why. */
function watchStart(child: ChildProcess, { clock, signal }: Start) {
  const output = collectErrors(child);
  const kill = () => child.kill('SIGKILL');
  let end = clock.after(START_TIMEOUT_MS, kill);
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  let isWaiting = false;
  child.on('message', (message) => {
    if (message !== WAITING || isWaiting) return;
    isWaiting = true;
    end();
    end = clock.after(WAIT_TIMEOUT_MS, kill);
  });
  return {
    end() {
      end();
      signal.removeEventListener('abort', kill);
    },
    failure(how: string | number | null): Error {
      const reason = isWaiting && output() === '' ? 'another process has it open' : output();
      return new Error(`it ended with ${how}: ${reason}`);
    },
  };
}

const KEPT_CHARACTERS = 2000;

function collectErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-KEPT_CHARACTERS);
  });
  return () => text.trim();
}

function endChild(child: ChildProcess, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(STOP_TIMEOUT_MS, () => child.kill('SIGKILL'));
    child.once('exit', () => {
      cancel();
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function unusable(dataDir: string, error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError('embedded_unusable', `the database in ${dataDir} cannot be used: ${reason}`, {
    cause: error,
  });
}
