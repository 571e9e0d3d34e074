import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerView } from '../testing/messages.test-support.js';
import { CONTAINER_COLUMNS, filterContainers, nextOrder, sortContainers } from './sorting.js';

const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);

describe('container table', () => {
  it('WB-80: by name, numbers in names count as numbers', () => {
    const rows = ['svc-10', 'svc-2', 'Alpha'].map((name) => containerView(name));
    expect(names(sortContainers(rows, { column: 'name', descending: false }))).toEqual([
      'Alpha',
      'svc-2',
      'svc-10',
    ]);
  });
  it.each([false, true])('WB-80: unknown values (descending: %s), last', (descending) => {
    const rows = [containerView('none'), containerView('one', { cpuPercent: 1 })];
    expect(names(sortContainers(rows, { column: 'cpu', descending }))).toEqual(['one', 'none']);
  });
  it('WB-80: by state, the worst first', () => {
    const rows = [
      containerView('a'),
      containerView('b', { status: 'dead' }),
      containerView('c', { status: 'exited' }),
    ];
    expect(names(sortContainers(rows, { column: 'status', descending: false }))).toEqual(['b', 'c', 'a']);
  });
  it('WB-80: by uptime descending, the longest first', () => {
    const rows = [containerView('new', { startedAtMs: 900 }), containerView('old', { startedAtMs: 100 })];
    expect(names(sortContainers(rows, { column: 'uptime', descending: true }))).toEqual(['old', 'new']);
  });
  it('WB-80: any column and rows, every row is there once', () => {
    const row = fc.record({ name: fc.string(), cpuPercent: fc.option(fc.double({ noNaN: true })) });
    const column = fc.constantFrom(...CONTAINER_COLUMNS);
    fc.assert(
      fc.property(fc.array(row), column, fc.boolean(), (list, by, descending) => {
        const rows = list.map(({ name, cpuPercent }) => containerView(name, { cpuPercent }));
        expect(new Set(sortContainers(rows, { column: by, descending }))).toEqual(new Set(rows));
      }),
    );
  });
  it('WB-81: several words, rows that have all of them anywhere', () => {
    const rows = [
      containerView('web', { image: 'nginx:1.29' }),
      containerView('web-old', { image: 'apache' }),
      containerView('db', { image: 'postgres' }),
    ];
    expect(names(filterContainers(rows, ' WEB nginx '))).toEqual(['web']);
    expect(filterContainers(rows, '  ')).toBe(rows);
  });
  it('WB-82: the same column again turns round, another starts its own way', () => {
    const byName = { column: 'name', descending: false } as const;
    expect(nextOrder(byName, 'name')).toEqual({ column: 'name', descending: true });
    expect(nextOrder(byName, 'cpu')).toEqual({ column: 'cpu', descending: true });
  });
});
