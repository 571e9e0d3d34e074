/** A real Redis for tests: private, on a free loopback port, in a directory of its own, and ours to break. */
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { makeFolder, startProcess, type TestProcess } from './process.js';
import { within } from './within.js';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Of the running server; changes with a restart. */
  readonly pid: number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it if it runs, and starts it on the same port and directory. Data survives with `appendOnly` only. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartRedisOptions {
  /** Keeps data across restarts. Default: nothing is written to disk. */
  appendOnly?: boolean;
  /** Default: any free one. */
  port?: number;
  /** Further settings of redis-server. */
  settings?: Readonly<Record<string, string>>;
  /** A configuration file, instead of what tests otherwise choose. */
  config?: string;
}

/** What tests need of a Redis, whosever it is. */
export type UsedRedis = Pick<TestRedis, 'url' | 'stop'>;

/** The Redis of TEST_REDIS_URL, or else a private one: for tests that do not break it. */
export async function useRedis(): Promise<UsedRedis> {
  const url = process.env['TEST_REDIS_URL'];
  return url === undefined || url === '' ? startRedis() : useRedisAt(url);
}

/** Starts a private `redis-server` and resolves when it answers PING. */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const directory = await makeFolder('redis');
  const port = options.port ?? (await freePort());
  let server = await launch(port, directory, options);

  async function kill(): Promise<void> {
    await server.stop('SIGKILL');
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    kill,
    freeze: () => server.signal('SIGSTOP'),
    thaw: () => server.signal('SIGCONT'),
    async restart() {
      await kill();
      server = await launch(port, directory, options);
    },
    async stop() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Somebody's database is only used when it is empty, and it is left empty. */
async function useRedisAt(url: string): Promise<UsedRedis> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0 });
  await redis.connect();
  const keys = await redis.dbsize();
  if (keys > 0) {
    redis.disconnect();
    throw new Error(`TEST_REDIS_URL names a database with ${keys} keys; tests need an empty one`);
  }
  return {
    url,
    async stop() {
      await redis.flushdb();
      await redis.quit();
    },
  };
}

async function launch(
  port: number,
  directory: string,
  { appendOnly = false, config, settings: further }: StartRedisOptions,
): Promise<TestProcess> {
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: directory,
    daemonize: 'no',
    ...(config === undefined
      ? { save: '', appendonly: appendOnly ? 'yes' : 'no', appendfsync: 'always' }
      : {}),
    ...further,
  };
  const named = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const args = config === undefined ? named : [config, ...named];
  const server = await startProcess('redis-server', args, {}, { readyWhen: /Ready to accept connections/ });
  await within(ping(port), 5000, `PING of redis-server on port ${port}`, server.output);
  return server;
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      if (bytes.toString().startsWith('+PONG')) resolve();
      else reject(new Error(`redis-server answered PING with ${bytes.toString()}`));
    });
  });
}
