/** The API while PostgreSQL freezes, dies and comes back. Rules: api/SPEC.md. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseIs } from '../store/store-support.js';
import { describeWith } from '../support/describe-with.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { poll } from '../support/within.js';
import { type ApiRig, createApiRig } from './api-rig.js';

const PATH = '/api/metrics/series';

describeWith('postgresql-server', 'an outage of PostgreSQL', () => {
  let postgres: TestPostgres;
  let rig: ApiRig;
  beforeEach(async () => {
    postgres = await startPostgres();
    rig = await createApiRig(postgres);
    await answered();
  });
  afterEach(async () => {
    await postgres.thaw();
    await rig.stop();
    await postgres.stop();
  });

  const answered = () =>
    poll(async () => ((await rig.ask(PATH)).status === 200 ? true : undefined), {
      what: 'an answer from history',
      timeoutMs: 30_000,
      everyMs: 50,
    });

  it('API-12: frozen, who waits is refused and the answer tells the cause, until it is thawed', async () => {
    const down = databaseIs(rig.database, 'down');
    await postgres.freeze();
    // Which of the two is noticed first, that it is silent or that somebody waits, is a matter of milliseconds.
    expect((await rig.ask(PATH)).status).toBe(503);
    await down;
    const { status, body } = await rig.ask(PATH);
    expect([status, body]).toEqual([
      503,
      expect.objectContaining({ error: 'database_unavailable', cause: 'silent' }),
    ]);
    await postgres.thaw();
    await answered();
  });

  it('API-12: killed, the answer says since when; started, it is an answer again', async () => {
    const down = databaseIs(rig.database, 'down');
    await postgres.kill();
    await down;
    const { status, body } = await rig.ask(PATH);
    expect([status, body['since']]).toEqual([503, new Date(rig.database.state.sinceMs).toISOString()]);
    await postgres.restart();
    await answered();
  });
});
