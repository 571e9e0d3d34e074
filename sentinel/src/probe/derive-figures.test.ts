import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deriveMongoFigures } from './mongo-probe.js';
import { deriveRedisFigures } from './redis-probe.js';

it('SE-88: INFO of Redis, memory, clients, and the keys of all databases', () => {
  const info =
    '# Memory\r\nused_memory:1048576\r\n# Clients\r\nconnected_clients:3\r\n' +
    '# Keyspace\r\ndb0:keys=5,expires=0,avg_ttl=0\r\ndb3:keys=7,expires=1,avg_ttl=0\r\n';
  expect(deriveRedisFigures(info)).toEqual({ used_memory_bytes: 1_048_576, connected_clients: 3, keys: 12 });
});

it('SE-88: INFO of an empty Redis, no keys rather than an unknown number', () => {
  expect(deriveRedisFigures('# Keyspace\r\n')).toEqual({ keys: 0 });
});

it('SE-88: any text as INFO, figures that are numbers', () => {
  fc.assert(
    fc.property(fc.string(), (info) => {
      expect(Object.values(deriveRedisFigures(info)).every(Number.isFinite)).toBe(true);
    }),
  );
});

it('SE-88: statistics of two MongoDB databases, their sums', () => {
  const stats = [
    { collections: 2, storageSize: 100 },
    { collections: 3, storageSize: 50.0 },
    { collections: 'x' },
  ];
  expect(deriveMongoFigures(stats)).toEqual({ collections: 5, storage_bytes: 150 });
});
