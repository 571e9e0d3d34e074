/** Asks the database, and does not wait for one that is down or silent: an answer says so. */
import { type Queryable, StoreError } from '@pulsewire/store';
import { answerWith, databaseProblem, type Outcome, refuse } from './problem.js';
import type { RouteContext } from './routes.js';

const PATIENCE_MS = 10_000;

/**
 * Rejects as `work` does. What `work` still finds out after the database went down, after 10 s, or after the client
 * went away, is dropped, and the rest of its questions is refused: they would keep others waiting for nobody.
 */
export async function askDatabase<T>(
  { database, clock, gone }: Pick<RouteContext, 'database' | 'clock' | 'gone'>,
  work: (session: Queryable) => Promise<T>,
): Promise<Outcome<T>> {
  const refusal = () => ({ ok: false, problem: databaseProblem(database.state) }) as const;
  if (database.state.status === 'down') return refusal();
  const late = refuse('query_timed_out', 'the database gave no answer within 10 s');
  if (gone.aborted) return late;
  let isOver = false;
  let unwatch = () => {};
  let cancel = () => {};
  const session: Queryable = {
    async query(sql, values) {
      if (isOver) throw new StoreError('query_timed_out', 'nobody waits for the answer any more');
      return database.query(sql, values);
    },
  };
  const givenUp = new Promise<Outcome<T>>((resolve) => {
    unwatch = database.onState(({ status }) => {
      if (status === 'down') resolve(refusal());
    });
    cancel = clock.after(PATIENCE_MS, () => resolve(late));
    gone.addEventListener('abort', () => resolve(late), { once: true });
  });
  try {
    return await Promise.race([work(session).then(answerWith), givenUp]);
  } finally {
    isOver = true;
    unwatch();
    cancel();
  }
}
