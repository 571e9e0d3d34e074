import { createManualClock, type Logger, silentLogger } from '@pulsewire/runtime';
import type { DatabaseStatus } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { settle } from '../test-support/settle.js';
import type { OpenDatabase } from './database-probe.js';
import { watchDatabase } from './watch-database.js';

/** A database that answers, refuses or hangs as told, one round trip being 5 ms. */
function setUp() {
  const clock = createManualClock();
  const said: DatabaseStatus['data'][] = [];
  const log: string[] = [];
  const database = {
    connecting: 'well' as 'well' | 'refuses' | 'hangs',
    figures: 'well' as 'well' | 'refuses',
    hangs: false,
    opens: 0,
    open: 0,
    lose: () => {},
  };
  const open: OpenDatabase = async (_url, { onLost }) => {
    database.opens += 1;
    if (database.connecting === 'refuses') throw new Error('refused for bob');
    if (database.connecting === 'hangs') return new Promise(() => {});
    database.open += 1;
    database.lose = () => {
      database.lose = () => {};
      onLost();
    };
    return {
      ping: () =>
        database.hangs ? new Promise(() => {}) : new Promise<void>((resolve) => clock.after(5, resolve)),
      figures: async () => {
        if (database.figures === 'refuses') throw new Error('not allowed');
        return { keys: 7 };
      },
      close: () => {
        database.open -= 1;
      },
    };
  };
  const note = (level: string) => (_fields: object, text: string) => void log.push(`${level}: ${text}`);
  const logger: Logger = { ...silentLogger, warn: note('warn'), info: note('info') };
  const watch = watchDatabase({
    target: { name: 'shop', kind: 'redis', url: 'redis://bob:secret@h' },
    open,
    host: 'web-1',
    clock,
    logger,
    onStatus: ({ data }) => void said.push(data),
  });
  async function pass(ms: number) {
    for (let passed = 0; passed < ms; passed += 5) {
      clock.advance(5);
      await settle();
    }
  }
  return { clock, said, log, database, watch, pass };
}

describe('watching a database', () => {
  it('SE-82: one that answers, said at the start and every 10 s, with figures and round trip', async () => {
    const { said, pass } = setUp();
    await settle();
    await pass(30_500);
    expect(said.map(({ time }) => time.slice(14, 19))).toEqual(['30:00', '30:10', '30:20', '30:30']);
    expect(said[1]).toMatchObject({ name: 'shop', status: 'up', latency_ms: 5, keys: 7, host: 'web-1' });
  });

  it('SE-83: a connection that breaks and cannot be made again, said at once', async () => {
    const { said, database, pass } = setUp();
    await settle();
    await pass(3000);
    database.connecting = 'refuses';
    database.lose();
    await settle();
    expect(said.at(-1)).toMatchObject({ status: 'down', error: 'refused for [redacted]' });
  });

  it('SE-83: a connection that breaks and is made again, nothing is said', async () => {
    const { said, database, pass } = setUp();
    await settle();
    await pass(3000);
    database.lose();
    await pass(100);
    expect([said.length, database.opens]).toEqual([1, 2]);
  });

  it('SE-83: one that comes back, said at the next check with its figures', async () => {
    const { said, database, pass } = setUp();
    database.connecting = 'refuses';
    await pass(3000);
    database.connecting = 'well';
    await pass(2000);
    expect(said.at(-1)).toMatchObject({ status: 'up', keys: 7 });
  });

  it('SE-83: a server that drops every connection at once, no more than one attempt every 2 s', async () => {
    const { database, pass } = setUp();
    for (let drops = 0; drops < 100; drops += 1) {
      database.lose();
      await pass(100);
    }
    expect(database.opens).toBeLessThanOrEqual(6);
  });

  it('SE-84: one that hangs, down after 3 s with that as its latency, and the connection is given up', async () => {
    const { said, database, pass } = setUp();
    await settle();
    await pass(1000);
    database.hangs = true;
    await pass(4500);
    expect(said.at(-1)).toMatchObject({ status: 'down', latency_ms: 3000, error: 'no answer within 3 s' });
    expect(database.open).toBe(0);
  });

  it('SE-84: connecting that hangs, down after 3 s', async () => {
    const { said, database, pass, watch } = setUp();
    await settle();
    await pass(1000);
    database.connecting = 'hangs';
    database.hangs = true;
    await pass(10_000);
    await watch.stop();
    expect(said.at(-1)).toMatchObject({ status: 'down', error: 'no answer within 3 s' });
  });

  it('SE-85: figures that may not be read, up without figures and one warning', async () => {
    const { said, log, database, pass } = setUp();
    database.figures = 'refuses';
    await settle();
    await pass(30_500);
    expect(said.map(({ status, keys }) => [status, keys])).toEqual(Array(4).fill(['up', undefined]));
    expect(log).toEqual(['warn: figures of a database cannot be read']);
  });

  it('SE-87: down for a minute and up again, one line each', async () => {
    const { log, database, pass } = setUp();
    database.connecting = 'refuses';
    await settle();
    await pass(3000);
    database.connecting = 'refuses';
    database.lose();
    await pass(60_000);
    database.connecting = 'well';
    await pass(3000);
    expect(log).toEqual(['warn: database does not answer', 'info: database answers again']);
  });

  it('SE-29: stopped, nothing is scheduled, held open or said', async () => {
    const { clock, said, database, watch, pass } = setUp();
    await settle();
    await pass(100);
    await watch.stop();
    await pass(20_000);
    expect([clock.scheduled, database.open, said.length]).toEqual([0, 0, 1]);
  });
});
