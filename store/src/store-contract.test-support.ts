/** What every implementation of the store holds: PostgreSQL as well as the embedded one. Rules: SPEC.md. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate.js';
import { describeBounds } from './store-contract-bounds.test-support.js';
import { describeHistory } from './store-contract-history.test-support.js';
import { describeRecording } from './store-contract-recording.test-support.js';
import { describeSubjects } from './store-contract-subjects.test-support.js';
import { createRecords, type Records, type StoreUnderTest } from './store-rig.test-support.js';

export type { StoreUnderTest } from './store-rig.test-support.js';

/** Runs the suite against what `start` gives: an empty database, just migrated. */
export function describeStoreContract(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`store on ${name}`, () => {
    let rig: StoreUnderTest;
    let records: Records;
    beforeAll(async () => {
      rig = await start();
      records = await createRecords(rig.database);
    });
    afterAll(async () => {
      await records?.session.stop();
      await rig?.stop();
    });
    const use = () => ({ database: rig.database, ...records });

    it('ST-3: a transaction that fails, nothing of it, and the next one works', async () => {
      const { database } = rig;
      await database.query('create table scratch (n integer)');
      await expect(
        database.transaction(async (session) => {
          await session.query('insert into scratch values (1)');
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      await database.transaction((session) => session.query('insert into scratch values (2)'));
      expect(await database.query('select n from scratch')).toEqual([{ n: 2 }]);
    });

    it('ST-4: an unknown table, schema_missing', async () => {
      await expect(rig.database.query('select * from nowhere')).rejects.toMatchObject({
        code: 'schema_missing',
      });
    });

    it('ST-4: a value that is none, row_refused', async () => {
      await expect(rig.database.query("select 'x'::integer")).rejects.toMatchObject({ code: 'row_refused' });
    });

    it('ST-10: migrated again, and twice at once, nothing is applied', async () => {
      const results = await Promise.all([migrate(rig.database), migrate(rig.database)]);
      expect(results.map(({ applied }) => applied)).toEqual([[], []]);
    });

    it('ST-15: the columns of system_metrics, those of the specification', async () => {
      const rows = await rig.database.query(
        `select column_name::text as name, data_type::text as type, is_nullable::text as nullable
         from information_schema.columns where table_name = 'system_metrics' order by ordinal_position limit 4`,
      );
      expect(rows).toEqual([
        { name: 'time', type: 'timestamp with time zone', nullable: 'NO' },
        { name: 'type', type: 'text', nullable: 'NO' },
        { name: 'value', type: 'double precision', nullable: 'NO' },
        { name: 'meta', type: 'jsonb', nullable: 'NO' },
      ]);
    });

    describeRecording(use);
    describeHistory(use);
    describeSubjects(use);
    describeBounds(use);

    it('ST-2: the server dies and comes back, down with a cause and up again', async () => {
      const causes: (string | null)[] = [];
      const end = rig.database.onState(({ cause }) => causes.push(cause));
      await rig.interrupt();
      await expect(rig.database.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });
      await rig.restore();
      end();
      expect(causes.at(0)).toMatch(/unreachable|not_accepting/);
      expect(causes.at(-1)).toBeNull();
      expect(await rig.database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });
}
