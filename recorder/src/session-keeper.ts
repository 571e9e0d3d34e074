/**
 * Holds the one session that may record. It is there while the database is up, migrated, and nobody else records;
 * otherwise whoever asks for it waits.
 */
import type { Logger, Stoppable } from '@pulsewire/runtime';
import {
  type BatchWriter,
  createBatchWriter,
  type Database,
  type ExclusiveSession,
  migrate,
  StoreError,
} from '@pulsewire/store';
import type { Rest } from './rest.js';

export type Role = 'waiting' | 'standby' | 'recording';

export interface Held {
  session: ExclusiveSession;
  writer: BatchWriter;
}

export interface SessionKeeper extends Stoppable {
  readonly role: Role;
  /** `null` when we are being stopped. */
  session(): Promise<Held | null>;
}

export interface SessionKeeperOptions {
  database: Database;
  logger: Logger;
  rest: Rest;
}

const LOCK = 'recorder';
const RETRY_MS = 1000;

export function createSessionKeeper({ database, logger, rest }: SessionKeeperOptions): SessionKeeper {
  let role: Role = 'waiting';
  let held: Held | null = null;
  let asking: Promise<Held | null> | null = null;
  let complaint = '';

  /** Before another one is asked for, the last one must have given its lock back. */
  async function replace(): Promise<Held | null> {
    const last = held;
    held = null;
    role = 'waiting';
    await last?.session.stop().catch(() => {});
    return acquire();
  }

  async function acquire(): Promise<Held | null> {
    while (!rest.over) {
      try {
        await migrate(database);
        const session = await database.exclusive(LOCK);
        if (session !== null) return become(session);
        if (role !== 'standby') logger.info({}, 'another recorder is at work; this one stands by');
        role = 'standby';
      } catch (error) {
        role = 'waiting';
        complain(error);
      }
      await rest.sleep(RETRY_MS);
    }
    return null;
  }

  function become(session: ExclusiveSession): Held {
    complaint = '';
    role = 'recording';
    logger.info({}, 'this recorder records');
    held = { session, writer: createBatchWriter(session) };
    return held;
  }

  /** An outage has a log line of its own; anything else is told when it changes. */
  function complain(error: unknown): void {
    const code = error instanceof StoreError ? error.code : 'unexpected';
    if (code === 'database_unavailable' || code === complaint) return;
    complaint = code;
    logger.error({ err: error, code }, 'nothing can be recorded');
  }

  return {
    get role() {
      return role;
    },
    async session() {
      if (rest.over) return null;
      if (asking === null && held?.session.held === true && database.state.status === 'up') return held;
      asking ??= replace().finally(() => {
        asking = null;
      });
      return asking;
    },
    async stop() {
      await asking;
      await held?.session.stop();
      held = null;
    },
  };
}
