/** Waiting for what the store says about the server. */
import type { Database } from '@pulsewire/store';
import { within } from '../support/within.js';

export async function databaseIs(database: Database, status: 'up' | 'down'): Promise<void> {
  if (database.state.status === status) return;
  let end = () => {};
  const changed = new Promise<void>((resolve) => {
    end = database.onState((state) => {
      if (state.status === status) resolve();
    });
  });
  await within(changed, 20_000, `the database ${status}`).finally(end);
}
