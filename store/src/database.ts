/**
 * The connection to PostgreSQL, as everybody who uses the store sees it. Its state is what a query would meet:
 * *up* when the last attempt reached the server, *down* with a cause otherwise. Source: architecture.md, `store/`.
 */
import type { DependencyState, Stoppable } from '@pulsewire/runtime';

export type DatabaseState = DependencyState;

/** `timescale` where the extension is installed in the database, otherwise `plain` (PGlite included). */
export type Flavour = 'plain' | 'timescale';

/** One statement's result: rows as objects by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Where statements run: a pooled connection, a transaction, or an exclusive session. */
export interface Queryable {
  /**
   * Rejects with a `StoreError`: `database_unavailable` when the server is gone or too busy, `query_timed_out`,
   * `schema_missing`, or `query_failed` with the server's error as cause.
   */
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A connection of one's own that holds a named lock: no other process has the same one meanwhile. */
export interface ExclusiveSession extends Queryable, Stoppable {
  /** False once the connection was lost, and the lock with it. */
  readonly held: boolean;
  transaction<T>(work: (session: Queryable) => Promise<T>): Promise<T>;
}

export interface Database extends Queryable, Stoppable {
  readonly state: DatabaseState;
  /** Calls on every change between up and down. Returns its end. */
  onState(listener: (state: DatabaseState) => void): () => void;
  /** Resolves when the server has been reached for the first time. */
  readonly ready: Promise<void>;
  /** Commits when `work` resolves; rolls back when it rejects, and rejects with the same. */
  transaction<T>(work: (session: Queryable) => Promise<T>): Promise<T>;
  /** Resolves with `null` when somebody else holds the lock. */
  exclusive(lock: string): Promise<ExclusiveSession | null>;
}
