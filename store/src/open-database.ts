/** One pool of connections for a process, and what it knows about the server. Never rejects for the server's sake. */
import { type Clock, type Logger, systemClock } from '@pulsewire/runtime';
import pg from 'pg';
import { createAvailability } from './availability.js';
import { classifyFailure, classifyLoss } from './classify-failure.js';
import type { Database, ExclusiveSession, Queryable } from './database.js';
import { openExclusive, openShared } from './exclusive-session.js';
import { queryable, rollbackAfter } from './session.js';

export interface DatabaseOptions {
  /** `postgres://…`; `?host=/folder` names a Unix socket. */
  url: string;
  /** The process's name, shown in `pg_stat_activity`. */
  name: string;
  logger: Logger;
  /** Default 5. With 1 the server is an embedded one that takes no second connection. */
  connections?: number;
  /** Default 30,000. The server ends a statement after it, and so do we 2 s later when the server is silent. */
  statementTimeoutMs?: number;
  /** Default 3,000, and with one connection the time that a statement may take. */
  connectTimeoutMs?: number;
  clock?: Clock;
}

const RETRY_MS = 1000;
/** A server that is frozen, or behind a cable that was pulled, shows only when it is asked. */
const PROBE_MS = 5000;
const PROBE_SQL = 'select 1';
const SILENCE_AFTER_TIMEOUT_MS = 2000;
const CLOSE_TIMEOUT_MS = 5000;

export function openDatabase(options: DatabaseOptions): Database {
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ component: 'store' });
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const connections = options.connections ?? 5;
  const settings: pg.PoolConfig = {
    connectionString: options.url,
    application_name: `pulsewire-${options.name}`,
    max: connections,
    // Of one connection everybody waits for his turn; of several the wait is for the server.
    connectionTimeoutMillis: options.connectTimeoutMs ?? (connections === 1 ? statementTimeoutMs : 3000),
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_AFTER_TIMEOUT_MS,
    keepAlive: true,
  };
  const pool = new pg.Pool(settings);
  const availability = createAvailability({ clock, logger });
  let stopped = false;
  let probing = false;

  function note(error: unknown): void {
    const cause = classifyLoss(error);
    // A pool whose connections are all busy says the same as a server that does not answer.
    const isBusy = cause === 'silent' && pool.totalCount >= connections && pool.idleCount === 0;
    if (cause !== null && !isBusy && !stopped) availability.lost(cause);
  }
  // An idle connection that breaks; without a listener it would end the process.
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      note(error);
      throw classifyFailure(error);
    }
    try {
      const result = await work(client);
      availability.answered();
      client.release();
      return result;
    } catch (error) {
      note(error);
      // After a loss nobody knows what the connection would answer next.
      client.release(classifyLoss(error) !== null || isOurTimeout(error));
      throw classifyFailure(error);
    }
  }

  async function probe(): Promise<void> {
    const isBusy = pool.totalCount >= connections && pool.idleCount === 0;
    if (probing || stopped || isBusy) return;
    probing = true;
    try {
      await withClient((client) =>
        client.query({ text: PROBE_SQL, query_timeout: PROBE_MS } as pg.QueryConfig),
      );
    } catch {
      // Noted by then.
    } finally {
      probing = false;
    }
  }

  const endRetry = clock.every(RETRY_MS, () => {
    if (availability.state.status === 'down') void probe();
  });
  const endProbe = clock.every(PROBE_MS, () => void probe());
  void probe();

  const query: Database['query'] = (sql, values) =>
    withClient((client) => queryable(client).query(sql, values));
  const transaction = <T>(work: (session: Queryable) => Promise<T>): Promise<T> =>
    withClient((client) => rollbackAfter(client, work));

  return {
    get state() {
      return availability.state;
    },
    onState: availability.onState,
    ready: availability.ready,
    query,
    transaction,
    async exclusive(lock): Promise<ExclusiveSession | null> {
      if (connections === 1) return openShared({ transaction, query });
      try {
        const session = await openExclusive({ settings, lock, onLost: note });
        availability.answered();
        return session;
      } catch (error) {
        note(error);
        throw classifyFailure(error);
      }
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      endRetry();
      endProbe();
      availability.close();
      await Promise.race([
        pool.end(),
        new Promise<void>((resolve) => void systemClock.after(CLOSE_TIMEOUT_MS, resolve)),
      ]);
    },
  };
}

function isOurTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}
