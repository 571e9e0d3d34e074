/** What only a real server shows: locks, time limits, roles, migrations from several processes. Rules: store/SPEC.md. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@pulsewire/runtime';
import { type Database, type DatabaseOptions, migrate, openDatabase } from '@pulsewire/store';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { makeFolder } from '../support/process.js';
import { poll } from '../support/within.js';
import { databaseIs } from './store-support.js';

describeWith('postgresql-server', 'the store on a real server', () => {
  let postgres: TestPostgres;
  let databases = 0;
  const opened = new Set<Database>();

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterEach(async () => {
    for (const database of opened) await database.stop();
    opened.clear();
  });
  afterAll(() => postgres?.stop());

  function open(url: string, over: Partial<DatabaseOptions> = {}): Database {
    const database = openDatabase({ url, name: 'test', logger: silentLogger, ...over });
    opened.add(database);
    return database;
  }

  /** Address of a new and empty database. */
  async function createEmpty(): Promise<string> {
    databases += 1;
    await admin(`create database empty_${databases}`);
    return postgres.url.replace(/\/postgres$/, `/empty_${databases}`);
  }

  async function admin(sql: string, url = postgres.url): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function migrationsIn(files: Record<string, string>): Promise<string> {
    const folder = await makeFolder('migrations');
    await mkdir(folder, { recursive: true });
    for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
    return folder;
  }

  it('ST-1: nobody listens, down and unreachable; a server appears there, up', async () => {
    const late = await startPostgres();
    await late.kill();
    const database = open(late.url);
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(database.state).toMatchObject({ status: 'down', cause: 'unreachable' });
    await late.restart();
    await databaseIs(database, 'up').finally(() => late.stop());
  });

  it('ST-1: a wrong password, down and refused', async () => {
    const database = open(postgres.url.replace(/:[^:@]+@/, ':wrong@'));
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(database.state.cause).toBe('refused');
  });

  it('ST-2: a server that is frozen, down and silent; thawed, up', async () => {
    const database = open(postgres.url, { statementTimeoutMs: 1000 });
    await database.ready;
    await postgres.freeze();
    await databaseIs(database, 'down').finally(() => postgres.thaw());
    expect(database.state.cause).toBe('silent');
    await databaseIs(database, 'up');
  });

  it('ST-5: a statement that sleeps for too long, query_timed_out', async () => {
    const database = open(postgres.url, { statementTimeoutMs: 200 });
    await expect(database.query('select pg_sleep(5)')).rejects.toMatchObject({ code: 'query_timed_out' });
    expect(database.state.status).toBe('up');
  });

  it('ST-6: a lock that is held, refused to another; free when its connection is ended by force', async () => {
    const [one, two] = [open(postgres.url), open(postgres.url)];
    const first = await one.exclusive('test');
    expect(await two.exclusive('test')).toBeNull();
    await admin("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
    const second = await two.exclusive('test');
    expect(second?.held).toBe(true);
    await expect(first?.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(first?.held).toBe(false);
    await Promise.all([first?.stop(), second?.stop()]);
  });

  it('ST-6: a lock that may not be asked for, refused and no connection left open', async () => {
    const url = await createEmpty();
    await admin("create role barred login password 'barred'", url);
    await admin('revoke execute on function pg_try_advisory_lock(integer, integer) from public', url);
    const database = open(url.replace(/\/\/[^@]+@/, '//barred:barred@'));
    await expect(database.exclusive('test')).rejects.toMatchObject({ code: 'query_failed' });
    await database.stop();
    await poll(
      async () => {
        const rows = await admin("select 1 from pg_stat_activity where usename = 'barred'");
        return rows.length === 0 ? true : undefined;
      },
      { what: 'no connection' },
    );
  });

  it('ST-10: two processes migrate an empty database at once, each file once', async () => {
    const url = await createEmpty();
    const results = await Promise.all([migrate(open(url)), migrate(open(url))]);
    const names = results.flatMap(({ applied }) => applied);
    expect(names.sort()).toEqual([...new Set(names)]);
    expect(names.length).toBeGreaterThan(0);
  });

  it('ST-11: a file changed afterwards, migration_changed and nothing applied', async () => {
    const database = open(await createEmpty());
    await migrate(database, await migrationsIn({ '0001_a.sql': 'create table a (n integer)' }));
    const changed = await migrationsIn({
      '0001_a.sql': 'create table a (n bigint)',
      '0002_b.sql': 'create table b (n integer)',
    });
    await expect(migrate(database, changed)).rejects.toMatchObject({ code: 'migration_changed' });
    await expect(database.query('select * from b')).rejects.toMatchObject({ code: 'schema_missing' });
  });

  it('ST-12: a migration that this release lacks, schema_newer', async () => {
    const database = open(await createEmpty());
    const files = { '0001_a.sql': 'create table a (n integer)' };
    await migrate(database, await migrationsIn({ ...files, '0002_b.sql': 'create table b (n integer)' }));
    await expect(migrate(database, await migrationsIn(files))).rejects.toMatchObject({
      code: 'schema_newer',
    });
  });

  it('ST-13: a mistake in the second statement, nothing of the first and the name of the file', async () => {
    const database = open(await createEmpty());
    const folder = await migrationsIn({ '0001_a.sql': 'create table a (n integer); create tabel b ()' });
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('0001_a.sql'),
    });
    await expect(database.query('select * from a')).rejects.toMatchObject({ code: 'schema_missing' });
    await rm(folder, { recursive: true });
  });

  it('ST-16: the reader before it has a password, no log-in', async () => {
    const url = await createEmpty();
    await migrate(open(url));
    await expect(admin('select 1', asReader(url, 'anything'))).rejects.toThrow(/pulsewire_reader/);
  });

  it('ST-16: whoever migrates may not make roles, told what to do, and at work once the role is there', async () => {
    const server = await startPostgres();
    try {
      await admin("create role owner login password 'mine'", server.url);
      await admin('create database owned owner owner', server.url);
      const database = open(server.url.replace(/\/\/[^@]+@/, '//owner:mine@').replace(/postgres$/, 'owned'));
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'migration_failed',
        message: expect.stringContaining('create role pulsewire_reader'),
      });
      await admin('create role pulsewire_reader', server.url);
      const { applied } = await migrate(database);
      expect(applied.some((name) => name.includes('reader'))).toBe(true);
      await database.stop();
    } finally {
      await server.stop();
    }
  });

  it('ST-16: the reader with a password, reads and can do nothing else', async () => {
    const url = await createEmpty();
    await migrate(open(url));
    await admin("alter role pulsewire_reader login password 'read-me'", url);
    const reader = asReader(url, 'read-me');
    for (const table of READABLE) expect(await admin(`select * from ${table} limit 1`, reader)).toEqual([]);
    // The default of its transactions is something that a role may change; its rights are not.
    const free = `${reader}?options=-c%20default_transaction_read_only%3Doff`;
    for (const sql of FORBIDDEN) await expect(admin(sql, free), sql).rejects.toThrow(/denied|must be/);
    await admin('alter role pulsewire_reader nologin password null', url);
  });
});

const READABLE = [
  'system_metrics',
  'metrics_1m',
  'metrics_15m',
  'metrics_1d',
  'series',
  'containers',
  'container_events',
  'alerts',
  'database_status',
  'logs',
];
const FORBIDDEN = [
  "insert into system_metrics values (now(), 'cpu', 1, '{}')",
  "update series set unit = 'x'",
  'delete from logs',
  'truncate alerts',
  'create table mine (n integer)',
  'create temporary table mine (n integer)',
  'create schema mine',
  'create role mine',
  'drop table alerts',
  'select * from recorder_positions',
  'select * from dead_letters',
  'select * from pulsewire_migrations',
  "select lo_from_bytea(0, 'x')",
  'alter role pulsewire_reader superuser',
  "copy series to program 'true'",
  "select pg_read_file('/etc/passwd')",
];

function asReader(url: string, password: string): string {
  return url.replace(/\/\/[^@]+@/, `//pulsewire_reader:${password}@`);
}
