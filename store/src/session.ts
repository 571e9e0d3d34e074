/** Statements and transactions on one connection. */
import type { ClientBase } from 'pg';
import { classifyLoss } from './classify-failure.js';
import type { Queryable, Row } from './database.js';

export function queryable(client: ClientBase): Queryable {
  return {
    async query(sql, values) {
      const result = await client.query<Record<string, unknown>>(
        sql,
        values === undefined ? [] : [...values],
      );
      return result.rows satisfies readonly Row[];
    },
  };
}

export async function rollbackAfter<T>(
  client: ClientBase,
  work: (session: Queryable) => Promise<T>,
): Promise<T> {
  await client.query('begin');
  try {
    const result = await work(queryable(client));
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that is gone rolls back by itself.
    if (classifyLoss(error) === null) await client.query('rollback');
    throw error;
  }
}
