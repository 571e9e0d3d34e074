/** A real PostgreSQL for tests: private, on a free loopback port, in a directory of its own, and ours to break. */
import { chown, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { freePort } from './free-port.js';
import { makeFolder, startProcess, type TestProcess } from './process.js';

export interface TestPostgres {
  readonly url: string;
  readonly port: number;
  /** Of the running server; changes with a restart. */
  readonly pid: number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP of the server and of what serves its connections: they stay open, and nothing answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it if it runs, and starts it on the same port and directory. Data survives. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartPostgresOptions {
  /** As `name=value`, beside those that make tests fast. */
  settings?: readonly string[];
  /** Folder of the programs, for callers outside the test runner. Default: what the run has found. */
  bin?: string;
}

/** What tests need of a PostgreSQL, whosever it is. */
export type UsedPostgres = Pick<TestPostgres, 'url' | 'stop'>;

/** Debian's server has an account of its own, and refuses to run as root. */
const ACCOUNT = 'postgres';
const SETTINGS = ['max_connections=50', 'shared_buffers=64MB', 'log_min_messages=fatal'];

/** The database of TEST_DATABASE_URL, which must be empty and is left so, or else a private server. */
export async function usePostgres(): Promise<UsedPostgres> {
  const url = process.env['TEST_DATABASE_URL'];
  return url === undefined || url === '' ? startPostgres() : usePostgresAt(url);
}

/** Starts a private server and resolves when it answers. */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<TestPostgres> {
  const bin = options.bin ?? binFolder();
  const folder = await makeFolder('postgres');
  const data = join(folder, 'data');
  const port = await freePort();
  const url = `postgresql://${ACCOUNT}@127.0.0.1:${port}/postgres`;
  await giveTo(folder);
  await runToEnd(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    ACCOUNT,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
    '--locale=C',
  ]);
  const launch = () =>
    launchServer({ bin, data, folder, port, url, settings: [...SETTINGS, ...(options.settings ?? [])] });
  let server = await launch();

  async function kill(): Promise<void> {
    const children = await childrenOf(server.pid);
    await server.stop('SIGKILL');
    // What serves a connection ends a moment later, and would keep the directory locked.
    for (const pid of children) signalIfThere(pid, 'SIGKILL');
  }

  async function signalAll(signal: NodeJS.Signals): Promise<void> {
    for (const pid of [server.pid, ...(await childrenOf(server.pid))]) signalIfThere(pid, signal);
  }

  return {
    url,
    port,
    get pid() {
      return server.pid;
    },
    kill,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async restart() {
      await kill();
      server = await launch();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function usePostgresAt(url: string): Promise<UsedPostgres> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select count(*)::int as tables from pg_tables where schemaname = 'public'",
  );
  if (rows[0].tables > 0) {
    await client.end();
    throw new Error('TEST_DATABASE_URL names a database with tables; tests need an empty one');
  }
  return {
    url,
    async stop() {
      await client.query('drop schema public cascade');
      await client.query('create schema public');
      await client.end();
    },
  };
}

interface Launch {
  bin: string;
  data: string;
  folder: string;
  port: number;
  url: string;
  settings: readonly string[];
}

async function launchServer({ bin, data, folder, port, url, settings }: Launch): Promise<TestProcess> {
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    ...settings,
  ];
  const args = ['-D', data, ...all.flatMap((setting) => ['-c', setting])];
  // Only after a first line was it found that the port answers: the log level keeps the server silent.
  const [command, ...rest] = asAccount(join(bin, 'postgres'), args);
  const server = await startProcess(command, rest);
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return server;
    } catch (error) {
      if (attempt > ATTEMPTS)
        throw new Error(`postgres does not answer\n${server.output()}`, { cause: error });
      await pause(ATTEMPT_MS);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
