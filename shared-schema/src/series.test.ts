import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, renderPlace } from './log-place.js';
import { BUS_DATA_SCHEMAS, BUS_MESSAGE_TYPES, type BusMessage } from './messages.js';
import { CHANNELS, TOPICS } from './names.js';
import { arbitraryOf } from './schema-arbitrary.test-support.js';
import {
  CHANNEL_OF,
  compareLogIds,
  containerOf,
  hostOf,
  isSample,
  seriesKey,
  TOPIC_OF,
  timeOf,
} from './series.js';

const name = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', '0', '\u0000') });
const labels = fc.record({ host: name, container: name, mount: name, core: fc.nat(2) }, { requiredKeys: [] });
const metric = fc.record({
  metric_type: fc.constantFrom('cpu', 'mem'),
  source: fc.constantFrom('host' as const, 'container' as const),
  meta: labels,
});
const logId = fc.tuple(fc.nat(2_000_000_000_000), fc.nat(10_000)).map(([ms, seq]) => `${ms}-${seq}`);

function metricMessage(data: {
  metric_type: string;
  source: 'host' | 'container';
  meta: object;
}): BusMessage {
  return { type: 'system_metric', data: { ...data, value: 1, time: '2026-01-17T04:30:00Z' } };
}

describe('series keys', () => {
  it('SS-30: two samples, share a key exactly when all their labels agree', () => {
    fc.assert(
      fc.property(metric, metric, (a, b) => {
        const identity = ({ metric_type, source, meta }: typeof a) =>
          JSON.stringify([metric_type, source, meta.host, meta.container, meta.mount, meta.core]);
        const same = seriesKey(metricMessage(a)) === seriesKey(metricMessage(b));
        expect(same).toBe(identity(a) === identity(b));
      }),
      { numRuns: 2000 },
    );
  });

  it('SS-30: a label that is absent, is not the empty one of a neighbour', () => {
    const keys = [
      { host: 'a' },
      { container: 'a' },
      { mount: 'a' },
      { host: 'a\u0000b' },
      { host: 'a', container: 'b' },
      { mount: '0' },
      { core: 0 },
      {},
    ].map((meta) => seriesKey(metricMessage({ metric_type: 'cpu', source: 'host', meta })));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('SS-30: an empty label beside a name that holds the separator, is an absent one', () => {
    const keys = [{ host: 'a\u0000b' }, { host: 'a\u0000b', mount: '' }].map((meta) =>
      seriesKey(metricMessage({ metric_type: 'cpu', source: 'host', meta })),
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it('SS-30: names that hold the separator, do not run into each other', () => {
    const key = (host: string, container: string) =>
      seriesKey(metricMessage({ metric_type: 'cpu', source: 'host', meta: { host, container } }));
    expect(key('a\u0000b', 'c')).not.toBe(key('a', 'b\u0000c'));
  });

  it('SS-31: messages of different types, never share a key', () => {
    const any = fc
      .constantFrom(...BUS_MESSAGE_TYPES)
      .chain((type) => arbitraryOf(BUS_DATA_SCHEMAS[type]).map((data) => ({ type, data }) as BusMessage));
    fc.assert(
      fc.property(any, any, (a, b) => {
        fc.pre(a.type !== b.type);
        expect(seriesKey(a)).not.toBe(seriesKey(b));
      }),
    );
  });

  it('SS-32: the same container renamed, stays the same series by its id', () => {
    const status = (container: string): BusMessage => ({
      type: 'container_status',
      data: { container, status: 'running', time: '2026-01-17T04:30:00Z', id: 'f00', host: 'a' },
    });
    expect(seriesKey(status('old'))).toBe(seriesKey(status('new')));
  });

  it.each(BUS_MESSAGE_TYPES)('SS-33: every valid %s, has topic, channel, key, time and host', (type) => {
    fc.assert(
      fc.property(arbitraryOf(BUS_DATA_SCHEMAS[type]), (data) => {
        const message = { type, data } as BusMessage;
        expect(TOPICS).toContain(TOPIC_OF[type]);
        expect(Object.values(CHANNELS)).toContain(CHANNEL_OF[TOPIC_OF[type]]);
        expect(seriesKey(message)).not.toBe('');
        expect(Date.parse(timeOf(message))).not.toBeNaN();
        expect(hostOf(message) ?? '').toBeTypeOf('string');
        expect(containerOf(message) ?? '').toBeTypeOf('string');
      }),
    );
  });

  it('SS-34: samples, are metrics and database statuses and nothing else', () => {
    const samples = BUS_MESSAGE_TYPES.filter((type) => isSample({ type, data: {} } as BusMessage));
    expect(samples).toEqual(['system_metric', 'database_status']);
  });
});

describe('log ids', () => {
  it('SS-35: compared, are in the order of time, then sequence', () => {
    const ids = ['1000-10', '999-11', '1000-9', '1000-0', '10000-0', '1000-2'];
    expect(ids.sort(compareLogIds)).toEqual(['999-11', '1000-0', '1000-2', '1000-9', '1000-10', '10000-0']);
  });

  it('SS-35: places of ids that come back, are always those of the id', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('1-0', '1-10', '10-1', '100000000000001-9999999999')), (ids) => {
        expect(ids.map((id) => renderPlace(placeOf(id)))).toEqual(ids);
      }),
    );
  });

  it('SS-35: any three, are totally ordered', () => {
    fc.assert(
      fc.property(logId, logId, logId, (a, b, c) => {
        expect(Math.sign(compareLogIds(a, b))).toBe(0 - Math.sign(compareLogIds(b, a)));
        expect(compareLogIds(a, b) === 0).toBe(a === b);
        if (compareLogIds(a, b) <= 0 && compareLogIds(b, c) <= 0)
          expect(compareLogIds(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
