/** Asks the database, and does not wait for one that is down or silent: an answer says so. */
import { answerWith, databaseProblem, type Outcome, refuse } from './problem.js';
import type { RouteContext } from './routes.js';

const PATIENCE_MS = 10_000;

/**
 * Rejects as `work` does. What `work` still finds out after the database went down, or after 10 s, is dropped.
 */
export async function askDatabase<T>(
  { database, clock }: Pick<RouteContext, 'database' | 'clock'>,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  const refusal = () => ({ ok: false, problem: databaseProblem(database.state) }) as const;
  if (database.state.status === 'down') return refusal();
  let unwatch = () => {};
  let cancel = () => {};
  const givenUp = new Promise<Outcome<T>>((resolve) => {
    unwatch = database.onState(({ status }) => {
      if (status === 'down') resolve(refusal());
    });
    cancel = clock.after(PATIENCE_MS, () =>
      resolve(refuse('query_timed_out', 'the database gave no answer within 10 s')),
    );
  });
  try {
    return await Promise.race([work().then(answerWith), givenUp]);
  } finally {
    unwatch();
    cancel();
  }
}
