import { describe, expect, it } from 'vitest';
import { askDatabase } from './ask-database.js';
import { createFakeDatabase, DOWN } from './fake-database.test-support.js';

describe('asking the database', () => {
  it('API-12: database up, its answer is the outcome', async () => {
    expect(await askDatabase(createFakeDatabase(), async () => [1])).toEqual({ ok: true, body: [1] });
  });

  it('API-12: database down, it is not asked', async () => {
    const database = createFakeDatabase();
    database.become(DOWN);
    const outcome = await askDatabase(database, () => database.query('select 1'));
    expect([outcome.ok, database.statements]).toEqual([false, []]);
  });

  it('API-12: database that goes down while it is asked, nobody waits on', async () => {
    const database = createFakeDatabase();
    const asked = askDatabase(database, () => new Promise(() => {}));
    database.become(DOWN);
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'database_unavailable' } });
  });
});
