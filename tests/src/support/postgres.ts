/** A real PostgreSQL for tests: private, on a free loopback port, in a directory of its own, and ours to break. */
import { chownSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.js';
import { makeFolder, type StartProcessOptions, startProcess, type TestProcess } from './process.js';
import { findProgram, readPostgresUser } from './requirements.js';

export interface TestPostgres {
  /** Of the superuser `postgres` in the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Of the running postmaster; changes with a restart. */
  readonly pid: number;
  /** SIGKILL to all of it; resolves when the postmaster is gone. */
  kill(): Promise<void>;
  /** SIGSTOP to all of it: connections stay open and nothing answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it if it runs, and starts it on the same port and directory; what was committed is there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartPostgresOptions {
  /** Of `postgresql.conf`, as in `{ max_connections: '20' }`. */
  settings?: Readonly<Record<string, string>>;
}

/** What tests need of a PostgreSQL, whosever it is. */
export type UsedPostgres = Pick<TestPostgres, 'url' | 'stop'>;

const PASSWORD = 'test-password';

/** The PostgreSQL of TEST_DATABASE_URL, or else a private one: for tests that do not break it. */
export async function usePostgres(): Promise<UsedPostgres> {
  const url = process.env['TEST_DATABASE_URL'];
  return url === undefined || url === '' ? startPostgres() : { url, async stop() {} };
}

/** Makes a cluster, starts it, and resolves when it answers. */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<TestPostgres> {
  const initdb = findProgram('initdb', process.env);
  if (initdb === undefined) throw new Error('initdb is not installed (Debian: postgresql)');
  const directory = await makeFolder('postgres');
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, PASSWORD);
  giveToServer(directory, passwordFile);
  const made = await startAsServer(initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
    '--no-instructions',
  ]);
  if ((await made.exited).code !== 0) throw new Error(`initdb failed\n${made.output()}`);
  const port = await freePort();
  const url = `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: directory,
    // A test kills processes, not machines.
    fsync: 'off',
    ...options.settings,
  };
  const postgres = join(dirname(initdb), 'postgres');
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const launch = async () => {
    const started: StartProcessOptions = {
      readyWhen: /database system is ready to accept connections/,
      lastSignal: 'SIGQUIT',
    };
    const server = await startAsServer(postgres, args, started);
    await select1(url);
    return server;
  };
  let server = await launch();

  async function signalAll(signal: NodeJS.Signals): Promise<void> {
    for (const pid of [server.pid, ...(await childrenOf(server.pid))]) signalIfThere(pid, signal);
  }

  async function kill(): Promise<void> {
    await signalAll('SIGKILL');
    await server.exited;
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
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function select1(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  await client.query('SELECT 1');
  await client.end();
}

/** PostgreSQL refuses to be root; then it runs as the user that its package made. */
function startAsServer(
  command: string,
  args: readonly string[],
  options?: StartProcessOptions,
): Promise<TestProcess> {
  const user = readPostgresUser();
  if (user === undefined) return startProcess(command, args, {}, options);
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return startProcess('setpriv', [...identity, command, ...args], {}, options);
}

function giveToServer(...paths: string[]): void {
  const user = readPostgresUser();
  if (user !== undefined) for (const path of paths) chownSync(path, user.uid, user.gid);
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .map(Number)
    .filter((child) => child > 1);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
