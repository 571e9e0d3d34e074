import { describe, expect, it } from 'vitest';
import { type Migration, numberFor, planMigrations } from './plan-migrations.js';

const file = (number: number, checksum = 'c'): Migration => ({
  number,
  name: `000${number}_x.sql`,
  sql: '',
  checksum,
});

describe('planMigrations', () => {
  it('ST-10: some applied, the others in the order of their numbers', () => {
    const missing = planMigrations([file(3), file(1), file(2)], [file(1)]);
    expect(missing.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('ST-11: another checksum, migration_changed', () => {
    expect(() => planMigrations([file(1, 'new')], [file(1, 'old')])).toThrow(
      expect.objectContaining({ code: 'migration_changed', message: expect.stringContaining('0001_x.sql') }),
    );
  });

  it('ST-12: a number that no file has, schema_newer', () => {
    expect(() => planMigrations([file(1)], [file(1), file(9)])).toThrow(
      expect.objectContaining({ code: 'schema_newer' }),
    );
  });

  it('ST-14: variants, each for its own flavour', () => {
    expect(numberFor('0002_a.plain.sql', 'plain')).toBe(2);
    expect(numberFor('0002_a.plain.sql', 'timescale')).toBeNull();
    expect(numberFor('0002_a.timescale.sql', 'timescale')).toBe(2);
    expect(numberFor('0003_b.sql', 'timescale')).toBe(3);
  });

  it('ST-14: a file that is named otherwise, refused', () => {
    expect(() => numberFor('notes.sql', 'plain')).toThrow('notes.sql');
  });
});
