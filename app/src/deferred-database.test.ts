import { createManualClock, silentLogger } from '@pulsewire/runtime';
import { type Database, type DatabaseState, StoreError } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { deferDatabase } from './deferred-database.js';

const UP: DatabaseState = { status: 'up', sinceMs: 5, cause: null };
const RETRY_MS = 30_000;

function opened(state: DatabaseState = UP) {
  const calls: string[] = [];
  let tell = (_state: DatabaseState) => {};
  const database: Database = {
    state,
    ready: Promise.resolve(),
    onState(listener) {
      tell = listener;
      return () => {};
    },
    query: async () => [{ n: 1 }],
    transaction: (work) => work({ query: async () => [] }),
    exclusive: async () => null,
    async stop() {
      calls.push('stop');
    },
  };
  return { database, calls, tell: (next: DatabaseState) => tell(next) };
}

/** Opens with each of the results in turn. */
function defer(...results: (Database | Error)[]) {
  const clock = createManualClock();
  const database = deferDatabase({
    logger: silentLogger,
    clock,
    async open() {
      const next = results.shift();
      if (next instanceof Error || next === undefined) throw next ?? new Error('nothing left');
      return next;
    },
  });
  return { clock, database };
}

const unusable = () => new StoreError('embedded_unusable', 'the disk is full');

describe('a database that is still to be opened', () => {
  it('AP-13: before it is open, it is down and whoever asks is told so', async () => {
    const { database } = defer(opened().database);
    expect(database.state).toMatchObject({ status: 'down', cause: 'starting' });
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('AP-13: open, it answers and says that it is up', async () => {
    const { database } = defer(opened().database);
    await database.ready;
    expect([database.state, await database.query('select 1')]).toEqual([UP, [{ n: 1 }]]);
  });

  it('AP-13: what it goes through afterwards, is told to whoever listened from the beginning', async () => {
    const { database: inner, tell } = opened();
    const { database } = defer(inner);
    const told: string[] = [];
    database.onState(({ status, cause }) => told.push(`${status} ${cause}`));
    await database.ready;
    tell({ status: 'down', sinceMs: 6, cause: 'silent' });
    expect([told, database.state.cause]).toEqual([['up null', 'down silent'], 'silent']);
  });

  it('AP-12: opening that fails, is the cause and is tried again', async () => {
    const { database, clock } = defer(unusable(), opened().database);
    const causes: (string | null)[] = [];
    const failed = new Promise<void>((resolve) => {
      database.onState(({ cause }) => {
        causes.push(cause);
        resolve();
      });
    });
    await failed;
    clock.advance(RETRY_MS);
    await database.ready;
    expect(causes).toEqual(['embedded_unusable', null]);
  });

  it('AP-8: stopped while it is being opened, opening is given up', async () => {
    const database = deferDatabase({
      logger: silentLogger,
      clock: createManualClock(),
      open: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(unusable()));
        }),
    });
    await database.stop();
    expect(database.state.cause).toBe('starting');
  });

  it('AP-12: stopped while it waits to try again, nothing is opened any more', async () => {
    const { database: inner } = opened();
    const { database, clock } = defer(unusable(), inner);
    await database.stop();
    clock.advance(RETRY_MS);
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('AP-8: stopped, what was opened is stopped', async () => {
    const { database: inner, calls } = opened();
    await defer(inner).database.stop();
    expect(calls).toEqual(['stop']);
  });
});
