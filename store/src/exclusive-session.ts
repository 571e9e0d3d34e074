/**
 * A connection that holds a lock for as long as it lives. Whoever writes through it cannot write any more once
 * somebody else may have the lock, because lock and connection end together.
 */
import pg from 'pg';
import { classifyFailure } from './classify-failure.js';
import type { Database, ExclusiveSession } from './database.js';
import { queryable, rollbackAfter } from './session.js';

export interface ExclusiveOptions {
  settings: pg.ClientConfig;
  lock: string;
  onLost(error: Error): void;
}

/** Of all locks of this program; the second half of the key is a hash of the lock's name. */
const LOCK_SPACE = 0x50_57;

/** Resolves with `null` when the lock is taken. Rejects with the driver's error. */
export async function openExclusive(options: ExclusiveOptions): Promise<ExclusiveSession | null> {
  const client = new pg.Client(options.settings);
  let held = true;
  let turn: Promise<unknown> = Promise.resolve();
  const lose = () => {
    held = false;
  };
  client.on('error', (error) => {
    lose();
    options.onLost(error);
  });
  client.on('end', lose);
  if (!(await takeLock(client, options.lock))) {
    await client.end();
    return null;
  }

  /** One after the other: two transactions of one connection would become one. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work).catch((error: unknown) => {
      // The client gives up waiting, and the server may still be at it.
      if (error instanceof Error && error.message === 'Query read timeout') void client.end();
      if (error instanceof Error) options.onLost(error);
      throw classifyFailure(error);
    });
    turn = result.catch(() => {});
    return result;
  }

  return {
    get held() {
      return held;
    },
    query: (sql, values) => inTurn(() => queryable(client).query(sql, values)),
    transaction: (work) => inTurn(() => rollbackAfter(client, work)),
    async stop() {
      await turn;
      lose();
      await client.end();
    },
  };
}

async function takeLock(client: pg.Client, lock: string): Promise<boolean> {
  try {
    await client.connect();
    const { rows } = await client.query('select pg_try_advisory_lock($1, hashtext($2)) as taken', [
      LOCK_SPACE,
      lock,
    ]);
    return rows[0]?.taken === true;
  } catch (error) {
    // A server that was only slow may have given the lock, to a connection that nobody uses.
    void client.end();
    throw error;
  }
}

/** Where there is one connection at all, its user is alone by construction, and shares it with itself. */
export function openShared(database: Pick<Database, 'query' | 'transaction'>): ExclusiveSession {
  let held = true;
  return {
    get held() {
      return held;
    },
    query: database.query,
    transaction: database.transaction,
    async stop() {
      held = false;
    },
  };
}
