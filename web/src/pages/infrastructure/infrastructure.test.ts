import type { DatabaseStatus } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { createStand, iso } from '../../testing/fake-stream.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { deriveFigures } from './database-figures.js';
import { INFRASTRUCTURE_WORDS } from './words.js';

function database(name: string, timeMs: number, more: Partial<DatabaseStatus['data']> = {}): DatabaseStatus {
  const data = {
    name,
    kind: 'redis',
    status: 'up',
    latency_ms: 1,
    time: iso(timeMs),
    host: 'web-01',
  } as const;
  return { type: 'database_status', data: { ...data, ...more } };
}

describe('databases', () => {
  it('WB-150: an older status, does not replace a newer one', () => {
    const stand = createStand();
    stand.send(database('cache', START_MS + 1000, { status: 'down' }));
    stand.send(database('cache', START_MS));
    expect(stand.settle().databases.map(({ status }) => status.status)).toEqual(['down']);
  });

  it('WB-150: three intervals without a word, the status is stale and as of then', () => {
    const stand = createStand();
    stand.send(database('cache', START_MS));
    stand.clock.advance(31_000);
    expect(stand.settle().databases).toMatchObject([{ freshness: 'stale', asOfMs: START_MS }]);
  });

  it('WB-150: an outage of the feed, is told of every database', () => {
    const stand = createStand();
    stand.send(database('cache', START_MS));
    stand.stream.become({ name: 'waiting', attempt: 1, nextAtMs: START_MS, reason: 'closed' });
    expect(stand.settle().databases[0]?.freshness).toBe('disconnected');
  });

  it('WB-150: a complete snapshot without it, the database has gone', () => {
    const stand = createStand();
    stand.send(database('cache', START_MS));
    stand.send(database('orders', START_MS));
    stand.hello();
    stand.snapshot(database('orders', START_MS + 1000));
    expect(stand.settle().databases.map(({ status }) => status.name)).toEqual(['orders']);
  });

  it('WB-150: before a complete snapshot, it is not known whether any is watched', () => {
    const stand = createStand();
    expect(stand.settle().databasesKnown).toBe(false);
    stand.hello();
    stand.snapshot();
    expect(stand.settle().databasesKnown).toBe(true);
  });

  it('WB-102: topics that the feed does not bring, are never known to be empty', () => {
    const stand = createStand();
    stand.hello({ topics: ['metrics'] });
    stand.snapshot();
    const { databasesKnown, alertsKnown, topics } = stand.settle();
    expect([databasesKnown, alertsKnown, topics]).toEqual([false, false, ['metrics']]);
  });

  it('WB-150: nothing new, is the same list as before', () => {
    const stand = createStand();
    stand.send(database('cache', START_MS));
    const before = stand.settle().databases;
    stand.send(database('cache', START_MS - 1));
    expect(stand.settle().databases).toBe(before);
  });
});

describe('key figures', () => {
  const figures = (more: Partial<DatabaseStatus['data']>) =>
    deriveFigures(database('db', START_MS, more).data, INFRASTRUCTURE_WORDS.en, 'en').map(
      ({ label, text, percent }) => [label, text, percent],
    );

  it.each([
    [
      { kind: 'postgresql', active_connections: 20, max_connections: 100, database_bytes: 1024 },
      ['Connections', '20 of 100', 20],
    ],
    [{ kind: 'postgresql', active_connections: 20 }, ['Connections', '20', null]],
    [{ kind: 'mongodb', collections: 1234 }, ['Collections', '1,234', null]],
    [{ kind: 'redis', used_memory_bytes: 2048 }, ['Memory used', '2.00\u00a0KiB', null]],
  ] as const)('WB-151: %j, shows %j', (more, expected) => {
    expect(figures(more)).toContainEqual(expected);
  });

  it('WB-151: a figure that could not be read, is left out', () => {
    expect(figures({ kind: 'redis' })).toEqual([['Answer time', '1.0\u00a0ms', null]]);
  });

  it('WB-151: a database that is down, has no figures', () => {
    expect(figures({ status: 'down', keys: 5 })).toEqual([]);
  });
});
