/**
 * A database that is still to be opened, as everybody else sees a database: there from the first moment, and down
 * until it is open. Opening that fails is told as the cause and tried again, because a full disk may be emptied.
 */
import { type Clock, isoTime, type Logger } from '@pulsewire/runtime';
import { type Database, type DatabaseState, StoreError } from '@pulsewire/store';
import { AppError } from './errors.js';

export interface DeferOptions {
  logger: Logger;
  clock: Clock;
  /**
   * Rejects when there is no database to be had now, and soon after `signal` gives up. What it gives is stopped with
   * the deferred one.
   */
  open(signal: AbortSignal): Promise<Database>;
}

const RETRY_MS = 30_000;

/** Never rejects for the sake of `open`. */
export function deferDatabase({ logger, clock, open }: DeferOptions): Database {
  const listeners = new Set<(state: DatabaseState) => void>();
  let opened: Database | null = null;
  let state: DatabaseState = { status: 'down', sinceMs: clock.nowMs(), cause: 'starting' };
  const stopping = new AbortController();
  let cancelRetry = () => {};
  let markReady = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });

  function change(next: DatabaseState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  async function begin(): Promise<void> {
    try {
      opened = await open(stopping.signal);
    } catch (error) {
      noteFailure(error);
      return;
    }
    opened.onState(change);
    if (opened.state.status === 'up') change(opened.state);
    void opened.ready.then(markReady);
  }

  function noteFailure(error: unknown): void {
    if (stopping.signal.aborted) return;
    const cause = error instanceof StoreError || error instanceof AppError ? error.code : 'unexpected';
    if (state.cause !== cause) {
      logger.error(
        { err: error, retry_ms: RETRY_MS },
        'there is no history; the live view goes on without it',
      );
      change({ ...state, cause });
    }
    cancelRetry = clock.after(RETRY_MS, () => {
      beginning = begin();
    });
  }

  function current(): Database {
    if (opened !== null) return opened;
    const since = isoTime(state.sinceMs);
    throw new StoreError('database_unavailable', `there is no database since ${since}: ${state.cause}`);
  }

  let beginning = begin();
  return {
    get state() {
      return state;
    },
    ready,
    onState(listener) {
      const entry = (next: DatabaseState) => listener(next);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    query: async (sql, values) => current().query(sql, values),
    transaction: async (work) => current().transaction(work),
    exclusive: async (lock) => current().exclusive(lock),
    async stop() {
      stopping.abort();
      cancelRetry();
      await beginning;
      listeners.clear();
      await opened?.stop();
    },
  };
}
