import { TOPICS } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOfQuery, readSelection, type SelectionFields } from './selection.js';

function read(fields: SelectionFields) {
  const result = readSelection(fields);
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result;
}

function mistakesOf(fields: SelectionFields): string[] {
  const result = readSelection(fields);
  return result.ok ? [] : result.mistakes.map(({ field }) => field);
}

const query = (text: string) => fieldsOfQuery(new URLSearchParams(text));

describe('a selection', () => {
  it('GW-31: nothing asked for, all topics but logs', () => {
    const { topics } = read({}).selection;
    expect([...topics].sort()).toEqual(TOPICS.filter((topic) => topic !== 'logs').sort());
  });

  it('GW-30: all query options, all read', () => {
    const { selection, after } = read(
      query('topics=logs,alerts&metric_type=cpu,mem&host=a&container=b&after=1-0&rate=5&later=x'),
    );
    expect({ ...selection, after, key: undefined }).toEqual({
      topics: new Set(['alerts', 'logs']),
      metricTypes: new Set(['cpu', 'mem']),
      hosts: new Set(['a']),
      containers: new Set(['b']),
      rate: 5,
      after: '1-0',
      key: undefined,
    });
  });

  it.each([
    ['topics', { topics: 'metrics,nonsense' }],
    ['topics', { topics: '' }],
    ['topics', { topics: [] }],
    ['topics', { topics: 'metrics,' }],
    ['metric_type', { metric_type: 'CPU!' }],
    ['host', { host: ',' }],
    ['host', { host: 'x'.repeat(257) }],
    ['container', { container: Array.from({ length: 257 }, (_, index) => `c${index}`) }],
    ['after', { after: 'yesterday' }],
    ['rate', { rate: '0' }],
    ['rate', { rate: '1.5' }],
    ['rate', { rate: 1.5 }],
    ['rate', { rate: Number.NaN }],
  ] as [string, SelectionFields][])('GW-7: a mistake in %s is named (%j)', (field, fields) => {
    expect(mistakesOf(fields)).toEqual([field]);
  });

  it('GW-7: several mistakes, each is named', () => {
    expect(mistakesOf({ topics: 'x', rate: '-1', after: '' })).toEqual(['topics', 'after', 'rate']);
  });

  it('GW-34: a query list and the same array in any order, the same key', () => {
    const topics = fc.uniqueArray(fc.constantFrom(...TOPICS), { minLength: 1 });
    const hosts = fc.uniqueArray(fc.stringMatching(/^[a-z0-9.-]{1,20}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(topics, hosts, (topicList, hostList) => {
        const fromQuery = read(query(`topics=${topicList.join(',')}&host=${hostList.join(',')}`));
        const fromFields = read({ topics: [...topicList].reverse(), host: [...hostList].reverse() });
        expect(fromQuery.selection.key).toBe(fromFields.selection.key);
      }),
    );
  });

  it('GW-34: different topics, different keys', () => {
    expect(read({ topics: 'metrics' }).selection.key).not.toBe(read({ topics: 'alerts' }).selection.key);
  });

  it('GW-34: any query string, no throw', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    const names = fc.constantFrom('topics', 'metric_type', 'host', 'container', 'after', 'rate', 'x');
    fc.assert(
      fc.property(fc.array(fc.tuple(names, value)), (pairs) => {
        const result = readSelection(fieldsOfQuery(new URLSearchParams(pairs)));
        expect(result.ok || result.mistakes.length > 0).toBe(true);
      }),
    );
  });

  it.each([
    [undefined, ['alerts', 'logs'], ['alerts']],
    [undefined, ['logs'], ['logs']],
    ['logs', ['alerts', 'logs'], ['logs']],
    ['metrics,logs', ['alerts', 'logs'], null],
  ] as const)('GW-26: %s with a key for %j, %j', (topics, readable, expected) => {
    const result = readSelection(topics === undefined ? {} : { topics }, readable);
    expect(result.ok ? [...result.selection.topics] : null).toEqual(expected);
  });
});
