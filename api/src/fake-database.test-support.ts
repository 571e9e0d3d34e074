/** A database that answers what a test says, and goes down when it says so. */
import type { Database, DatabaseState, Row } from '@pulsewire/store';

export interface FakeDatabase extends Database {
  /** Every statement gets this answer from now on. */
  answer(answer: (sql: string, values: readonly unknown[]) => Promise<readonly Row[]>): void;
  become(state: DatabaseState): void;
  readonly statements: string[];
}

export function createFakeDatabase(): FakeDatabase {
  const listeners = new Set<(state: DatabaseState) => void>();
  const statements: string[] = [];
  let state: DatabaseState = { status: 'up', sinceMs: 0, cause: null };
  let reply: (sql: string, values: readonly unknown[]) => Promise<readonly Row[]> = async () => [];
  const query: Database['query'] = (sql, values = []) => {
    statements.push(sql);
    return reply(sql, values);
  };
  return {
    statements,
    query,
    ready: Promise.resolve(),
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    transaction: (work) => work({ query }),
    exclusive: async () => null,
    answer(next) {
      reply = next;
    },
    become(next) {
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    async stop() {},
  };
}

export const DOWN: DatabaseState = { status: 'down', sinceMs: 0, cause: 'silent' };
