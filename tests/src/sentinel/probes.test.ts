/** The sentinel beside real databases; MongoDB is the fixture of `support/mongo-server.ts`. Rules: sentinel/SPEC.md. */
import { createHealth, createMemoryBus, createMetrics, readConfig, silentLogger } from '@pulsewire/runtime';
import { sentinelSettings, startSentinel } from '@pulsewire/sentinel';
import { CHANNELS, type DatabaseStatus } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { poll } from '../support/within.js';
import { startMongo, type TestMongo } from './support/mongo-server.js';

/** A sentinel with probes on a memory bus, and what it says about databases. */
async function watchDatabases(probeDatabases: string) {
  const bus = createMemoryBus();
  const said: DatabaseStatus['data'][] = [];
  bus.subscribe({
    channels: [CHANNELS.metrics],
    onMessage({ bytes }) {
      const result = parseBusMessage(bytes);
      if (!result.ok) throw new Error(result.error.message);
      if (result.message.type === 'database_status') said.push(result.message.data);
    },
  });
  const sentinel = await startSentinel({
    bus,
    settings: readConfig(
      { DOCKER_HOST: 'unix:///nonexistent/docker.sock', PROBE_DATABASES: probeDatabases, HOST_NAME: 'test' },
      sentinelSettings,
    ),
    logger: silentLogger,
    metrics: createMetrics({ process: 'test', runtimeMetrics: false }),
    health: createHealth(),
  });
  const from = (index: number, name: string) => said.slice(index).filter((data) => data.name === name);
  return {
    /** The first status of a database from now on (or from the start) that fits. */
    next: (name: string, fits: (data: DatabaseStatus['data']) => boolean, since = said.length) =>
      poll(() => from(since, name).find(fits), { what: `a status of ${name}`, timeoutMs: 20_000 }),
    first: (name: string) => poll(() => from(0, name)[0], { what: `the first status of ${name}` }),
    stop: () => sentinel.stop(),
  };
}

type Watched = Awaited<ReturnType<typeof watchDatabases>>;

describeWith('postgresql-server', 'probing a real PostgreSQL', () => {
  let postgres: TestPostgres;
  let watched: Watched;

  beforeAll(async () => {
    postgres = await startPostgres({ settings: { max_connections: '17' } });
    await asAdmin("CREATE ROLE watcher LOGIN PASSWORD 'watch%me'");
    const own = new URL(postgres.url);
    own.username = 'watcher';
    own.password = 'watch%25me';
    const wrong = postgres.url.replace(/postgres:[^@]+@/, 'watcher:not-the-password@');
    watched = await watchDatabases(`main=${own},wrong=${wrong}`);
  });
  afterAll(async () => {
    await watched?.stop();
    await postgres?.stop();
  });

  async function asAdmin(query: string) {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(query);
    await client.end();
    return rows;
  }

  it('SE-82: an ordinary role, up with connections, their limit, and the size of its database', async () => {
    const status = await watched.first('main');
    expect(status).toMatchObject({ kind: 'postgresql', status: 'up', max_connections: 17, host: 'test' });
    const [size] = await asAdmin('SELECT pg_database_size(current_database())::float8 AS bytes');
    expect(status.database_bytes).toBe(size.bytes);
    expect(status.active_connections).toBeGreaterThan(0);
    expect(status.latency_ms).toBeGreaterThan(0);
  });

  it('SE-89: what is asked for the figures, asked in a read-only transaction', async () => {
    await watched.first('main');
    const [row] = await asAdmin(
      `SELECT query, application_name FROM pg_stat_activity WHERE usename = 'watcher'`,
    );
    expect(row).toMatchObject({ application_name: 'pulsewire-sentinel' });
    expect(row.query).toMatch(/^BEGIN READ ONLY|^SELECT 1$/);
  });

  it('SE-86: a wrong password, down with a reason that repeats neither name nor password', async () => {
    const status = await watched.first('wrong');
    expect(status).toMatchObject({ status: 'down', error: expect.stringContaining('authentication failed') });
    expect(status.error).not.toMatch(/watcher|not-the-password/);
  });

  it('SE-84: frozen, down after its 3 s; thawed, up', async () => {
    await watched.first('main');
    await postgres.freeze();
    expect(await watched.next('main', ({ status }) => status === 'down')).toMatchObject({
      error: 'no answer within 3 s',
    });
    await postgres.thaw();
    await watched.next('main', ({ status }) => status === 'up');
  });

  it('SE-83: killed, down at once; started again, up', async () => {
    await watched.first('main');
    const down = watched.next('main', ({ status }) => status === 'down');
    await postgres.kill();
    expect((await down).error).toMatch(/ECONNREFUSED|terminat/);
    await postgres.restart();
    await watched.next('main', ({ status }) => status === 'up');
  });
});

describeWith('redis-server', 'probing a real Redis', () => {
  let redis: TestRedis;
  let watched: Watched;

  beforeAll(async () => {
    redis = await startRedis();
    const client = new Redis(redis.url);
    await client.mset('a', 1, 'b', 2);
    await client.select(3);
    await client.set('c', 3);
    await client.acl('SETUSER', 'watcher', 'on', '>watch-me', 'nocommands', '+ping', '+info');
    client.disconnect();
    watched = await watchDatabases(`main=redis://watcher:watch-me@127.0.0.1:${redis.port}`);
  });
  afterAll(async () => {
    await watched?.stop();
    await redis?.stop();
  });

  it('SE-82, SE-89: a user that may do nothing but PING and INFO, up with memory, clients, all keys', async () => {
    const status = await watched.first('main');
    expect(status).toMatchObject({
      kind: 'redis',
      status: 'up',
      keys: 3,
      connected_clients: expect.any(Number),
    });
    expect(status.used_memory_bytes).toBeGreaterThan(100_000);
  });

  it('SE-83: killed, down at once; started again without the user, down for another reason', async () => {
    await watched.first('main');
    const down = watched.next('main', ({ status }) => status === 'down');
    await redis.kill();
    expect((await down).error).toContain('ECONNREFUSED');
    const refused = watched.next('main', ({ error }) => error?.includes('WRONGPASS') ?? false);
    await redis.restart();
    expect((await refused).error).not.toMatch(/watcher|watch-me/);
  });
});

describeWith([], 'probing MongoDB through its official driver', () => {
  let mongo: TestMongo;
  let watched: Watched;

  beforeAll(async () => {
    mongo = await startMongo({
      shop: { collections: 4, storageSize: 4096 },
      blog: { collections: 2, storageSize: 1000 },
      local: { collections: 1, storageSize: 9 },
    });
    watched = await watchDatabases(
      `one=mongodb://127.0.0.1:${mongo.port}/shop,all=mongodb://127.0.0.1:${mongo.port}`,
    );
  });
  afterAll(async () => {
    await watched?.stop();
    await mongo?.stop();
  });

  it('SE-82: with a database in the URL its collections and storage, without one those of all', async () => {
    expect(await watched.first('one')).toMatchObject({ status: 'up', collections: 4, storage_bytes: 4096 });
    expect(await watched.first('all')).toMatchObject({ status: 'up', collections: 6, storage_bytes: 5096 });
  });

  it('SE-89: commands that were sent, only such as read', async () => {
    await watched.first('all');
    const reading = ['ping', 'dbStats', 'listDatabases', 'endSessions'];
    expect(mongo.commands.filter((name) => !reading.includes(name))).toEqual([]);
  });

  it('SE-83: a server that refuses, down with its words', async () => {
    await watched.first('one');
    mongo.failure = { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized to ping' };
    const { error } = await watched.next('one', ({ status }) => status === 'down');
    mongo.failure = null;
    expect(error).toContain('not authorized');
    await watched.next('one', ({ status }) => status === 'up');
  });

  it('SE-83: gone, down; back, up', async () => {
    await watched.first('one');
    await mongo.stop();
    expect((await watched.next('one', ({ status }) => status === 'down')).error).toBeDefined();
    await mongo.start();
    await watched.next('one', ({ status }) => status === 'up');
  });
});
