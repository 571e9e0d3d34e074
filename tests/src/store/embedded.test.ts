/** The embedded database as a process. Rules: store/SPEC.md. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createManualClock, type Logger, silentLogger } from '@pulsewire/runtime';
import { type Database, openDatabase, type Pglite, startPglite } from '@pulsewire/store';
import { afterEach, describe, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from '../support/built-entry.js';
import { makeFolder } from '../support/process.js';
import { poll } from '../support/within.js';
import { databaseIs } from './store-support.js';

const TEMPLATE = join(REPOSITORY_ROOT, 'store', 'dist', 'embedded', 'template.tar.gz');

describe('embedded database', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function start(
    dataDir: string,
    logger: Logger = silentLogger,
    template = TEMPLATE,
  ): Promise<{ pglite: Pglite; database: Database }> {
    const pglite = await startPglite({ dataDir, logger, template });
    stops.push(() => pglite.stop());
    const database = openDatabase({ ...pglite, name: 'test', logger: silentLogger });
    stops.push(() => database.stop());
    await database.ready;
    return { pglite, database };
  }

  it('ST-40: killed with something just written, started again at the same address with all of it', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const { pglite, database } = await start(dataDir);
    await database.query('create table kept (n integer)');
    await database.query('insert into kept select generate_series(1, 1000)');
    const down = databaseIs(database, 'down');
    const firstPid = pglite.pid ?? 0;
    process.kill(firstPid, 'SIGKILL');
    await down;
    await databaseIs(database, 'up');
    expect(pglite.pid).not.toBe(firstPid);
    expect(await database.query('select count(*)::integer as n from kept')).toEqual([{ n: 1000 }]);
  });

  it('ST-40: stopped and started, everything is there', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const first = await start(dataDir);
    await first.database.query('create table kept as select 7 as n');
    await first.database.stop();
    await first.pglite.stop();
    const { database } = await start(dataDir);
    expect(await database.query('select n from kept')).toEqual([{ n: 7 }]);
  });

  it('ST-41: the folder of the socket and that of the data, for their user only', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const { pglite } = await start(dataDir);
    const socketFolder = new URL(pglite.url).searchParams.get('host') ?? '';
    for (const folder of [socketFolder, dataDir]) expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('ST-51: its process, of lower priority than ours', async () => {
    const { pglite } = await start(join(await makeFolder('pglite'), 'database'));
    expect(getPriority(pglite.pid ?? 0)).toBeGreaterThan(getPriority());
  });

  it('ST-42: a data folder that is a file, embedded_unusable with its name', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    await writeFile(dataDir, 'not a folder');
    await expect(startPglite({ dataDir, logger: silentLogger })).rejects.toMatchObject({
      code: 'embedded_unusable',
      message: expect.stringContaining(dataDir),
    });
  });

  it('ST-42: a database of another PostgreSQL, embedded_unusable with what PostgreSQL says', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const { pglite } = await start(dataDir);
    await pglite.stop();
    await writeFile(join(dataDir, 'PG_VERSION'), '15\n');
    await expect(startPglite({ dataDir, logger: silentLogger })).rejects.toMatchObject({
      code: 'embedded_unusable',
      message: expect.stringContaining('initialized by PostgreSQL version 15'),
    });
  });

  it('ST-52: a database that does not start again, told of once and up when it can', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const told: string[] = [];
    const logger = { ...silentLogger, error: (_: unknown, text: string) => void told.push(text) } as Logger;
    const { pglite, database } = await start(dataDir, { ...logger, child: () => logger } as Logger);
    const control = join(dataDir, 'global', 'pg_control');
    const whole = await readFile(control);
    await writeFile(control, Buffer.alloc(whole.length));
    process.kill(pglite.pid ?? 0, 'SIGKILL');
    const tried = new Set<number>();
    await poll(
      async () => {
        for (const pid of await processesOn(dataDir)) tried.add(pid);
        return tried.size > 3 ? true : undefined;
      },
      { what: 'three starts', timeoutMs: 30_000 },
    );
    await writeFile(control, whole);
    await databaseIs(database, 'up');
    expect(told.filter((text) => /does not start/.test(text))).toHaveLength(1);
  }, 60_000);

  it('ST-50: a folder that another process has open, refused to a second one and taken when that one ends', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const first = await start(dataDir);
    await first.database.query('create table kept as select 7 as n');
    const second = startPglite({ dataDir, logger: silentLogger });
    // The first one is only asked to end once the second one waits for it.
    await poll(async () => ((await holders(dataDir)) > 1 ? true : undefined), { what: 'a second process' });
    await first.database.stop();
    await first.pglite.stop();
    const pglite = await second;
    stops.push(() => pglite.stop());
    const database = openDatabase({ ...pglite, name: 'test', logger: silentLogger });
    stops.push(() => database.stop());
    expect(await database.query('select n from kept')).toEqual([{ n: 7 }]);
  });

  it('ST-50: a folder that stays open, embedded_unusable with the reason', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    await start(dataDir);
    const clock = createManualClock(0);
    const second = startPglite({ dataDir, logger: silentLogger, clock });
    const refused = expect(second).rejects.toMatchObject({
      code: 'embedded_unusable',
      message: expect.stringContaining('another process has it open'),
    });
    await poll(async () => ((await holders(dataDir)) > 1 ? true : undefined), { what: 'a second process' });
    await poll(
      async () => {
        clock.advance(1000);
        return (await holders(dataDir)) === 1 ? true : undefined;
      },
      { what: 'its end' },
    );
    await refused;
  });

  it('ST-53: first start, in less than 300 MB', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    let isStarted = false;
    const started = start(dataDir).finally(() => {
      isStarted = true;
    });
    let highestBytes = 0;
    await poll(
      async () => {
        for (const pid of await processesOn(dataDir)) highestBytes = Math.max(highestBytes, highestRss(pid));
        return isStarted ? true : undefined;
      },
      { what: 'the start', timeoutMs: 30_000, everyMs: 5 },
    );
    await started;
    expect(highestBytes).toBeGreaterThan(50e6);
    expect(highestBytes).toBeLessThan(300e6);
  });

  const UNUSABLE: Record<string, (packed: Buffer) => Buffer | null> = {
    missing: () => null,
    'that is no archive': () => Buffer.from('not an archive'),
    'that is cut off': (packed) => packed.subarray(0, packed.length / 2),
    'that has half of the files': (packed) => {
      const files = gunzipSync(packed);
      return gzipSync(files.subarray(0, Math.floor(files.length / 1024) * 512));
    },
    'of another PostgreSQL': (packed) => {
      const files = gunzipSync(packed);
      files.write('15\n', files.indexOf('18\n', files.indexOf('\0/PG_VERSION\0')));
      return gzipSync(files);
    },
  };
  it.each(Object.keys(UNUSABLE))(
    'ST-53: template %s, a database that can be used all the same',
    async (how) => {
      const folder = await makeFolder('pglite');
      const template = join(folder, 'template.tar.gz');
      const bytes = UNUSABLE[how]?.(await readFile(TEMPLATE));
      if (bytes) await writeFile(template, bytes);
      const { database } = await start(join(folder, 'database'), silentLogger, template);
      expect(await database.query('select 1 as n')).toEqual([{ n: 1 }]);
    },
  );

  it.each([
    ['unpacks', {}],
    ['makes', { template: '/nowhere' }],
  ])('ST-44: killed while it %s the database, made anew the next time', async (_, options) => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const first = startPglite({ dataDir, logger: silentLogger, ...options });
    const refused = expect(first).rejects.toMatchObject({ code: 'embedded_unusable' });
    await poll(() => (existsSync(join(`${dataDir}.making`, 'PG_VERSION')) ? true : undefined), {
      what: 'half a database',
      everyMs: 5,
    });
    for (const pid of await processesOn(dataDir)) process.kill(pid, 'SIGKILL');
    await refused;
    const { database } = await start(dataDir);
    expect(await database.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('ST-49: given up while it makes the database, rejected and no process is left', async () => {
    const dataDir = join(await makeFolder('pglite'), 'database');
    const caller = new AbortController();
    const first = startPglite({ dataDir, logger: silentLogger, signal: caller.signal });
    const refused = expect(first).rejects.toMatchObject({ code: 'embedded_unusable' });
    await poll(async () => ((await holders(dataDir)) > 0 ? true : undefined), { what: 'a process' });
    caller.abort();
    await refused;
    expect(await holders(dataDir)).toBe(0);
  });
});

async function processesOn(dataDir: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => ({ pid, line: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })),
  );
  return lines.filter(({ line }) => line.split('\0').includes(dataDir)).map(({ pid }) => Number(pid));
}

/** In bytes; 0 when it has just ended. */
function highestRss(pid: number): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function holders(dataDir: string): Promise<number> {
  return (await processesOn(dataDir)).length;
}
