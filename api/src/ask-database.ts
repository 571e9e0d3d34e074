/** Asks the database, and does not wait for one that is down: an answer says so at once. */
import type { Database } from '@pulsewire/store';
import { answerWith, databaseProblem, type Outcome } from './problem.js';

/** Rejects as `work` does. What `work` still finds out after the database went down is dropped. */
export async function askDatabase<T>(database: Database, work: () => Promise<T>): Promise<Outcome<T>> {
  const refusal = () => ({ ok: false, problem: databaseProblem(database.state) }) as const;
  if (database.state.status === 'down') return refusal();
  let unwatch = () => {};
  const lost = new Promise<Outcome<T>>((resolve) => {
    unwatch = database.onState(({ status }) => {
      if (status === 'down') resolve(refusal());
    });
  });
  try {
    return await Promise.race([work().then(answerWith), lost]);
  } finally {
    unwatch();
  }
}
