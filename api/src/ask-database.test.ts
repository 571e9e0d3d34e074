import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { askDatabase } from './ask-database.js';
import { createFakeDatabase, DOWN } from './fake-database.test-support.js';

function setUp() {
  const leaving = new AbortController();
  return {
    database: createFakeDatabase(),
    clock: createManualClock(),
    gone: leaving.signal,
    leave: () => leaving.abort(),
  };
}

describe('asking the database', () => {
  it('API-12: database up, its answer is the outcome', async () => {
    expect(await askDatabase(setUp(), async () => [1])).toEqual({ ok: true, body: [1] });
  });

  it('API-12: database down, it is not asked', async () => {
    const context = setUp();
    context.database.become(DOWN);
    const outcome = await askDatabase(context, (session) => session.query('select 1'));
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

  it.each([
    ['that took 10 s', (context: ReturnType<typeof setUp>) => context.clock.advance(10_000)],
    ['whose client went away', (context: ReturnType<typeof setUp>) => context.leave()],
    ['that the database went down for', (context: ReturnType<typeof setUp>) => context.database.become(DOWN)],
  ])('API-16: question %s, the rest of it is not asked', async (_what, end) => {
    const context = setUp();
    let answerFirst = () => {};
    context.database.answer(
      () =>
        new Promise((resolve) => {
          answerFirst = () => resolve([]);
        }),
    );
    let work: Promise<unknown> = Promise.resolve();
    const asked = askDatabase(context, (session) => {
      const both = session.query('first').then(() => session.query('second'));
      work = both;
      return both;
    });
    end(context);
    expect(await asked).toMatchObject({ ok: false });
    answerFirst();
    await expect(work).rejects.toMatchObject({ code: 'query_timed_out' });
    expect(context.database.statements).toEqual(['first']);
  });

  it('API-16: client that is gone already, nothing is asked', async () => {
    const context = setUp();
    context.leave();
    const outcome = await askDatabase(context, async (session) => session.query('first'));
    expect([outcome.ok, context.database.statements]).toEqual([false, []]);
  });
});
