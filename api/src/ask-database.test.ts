import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { askDatabase } from './ask-database.js';
import { createFakeDatabase, DOWN } from './fake-database.test-support.js';

const setUp = () => ({ database: createFakeDatabase(), clock: createManualClock() });

describe('asking the database', () => {
  it('API-12: database up, its answer is the outcome', async () => {
    expect(await askDatabase(setUp(), async () => [1])).toEqual({ ok: true, body: [1] });
  });

  it('API-12: database down, it is not asked', async () => {
    const context = setUp();
    context.database.become(DOWN);
    const outcome = await askDatabase(context, () => context.database.query('select 1'));
    expect([outcome.ok, context.database.statements]).toEqual([false, []]);
  });

  it('API-12: database that goes down while it is asked, nobody waits on', async () => {
    const context = setUp();
    const asked = askDatabase(context, () => new Promise(() => {}));
    context.database.become(DOWN);
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'database_unavailable' } });
  });

  it('API-15: database that is silent, nobody waits for longer than 10 s', async () => {
    const context = setUp();
    const asked = askDatabase(context, () => new Promise(() => {}));
    context.clock.advance(10_000);
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'query_timed_out' } });
  });
});
