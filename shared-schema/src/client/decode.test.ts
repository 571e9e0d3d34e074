import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEED_DATA_SCHEMAS } from '../feed.js';
import { BUS_DATA_SCHEMAS } from '../messages.js';
import { arbitraryOf } from '../schema-arbitrary.test-support.js';
import { hostOf, seriesKey, timeOf } from '../series.js';
import { decode } from './decode.js';

const KINDS = [
  ...Object.entries(BUS_DATA_SCHEMAS).map(([type, schema]) => ({ kind: 'bus', type, schema })),
  ...Object.entries(FEED_DATA_SCHEMAS).map(([type, schema]) => ({ kind: 'feed', type, schema })),
];
const types = fc.constantFrom('__proto__', 'constructor', 'weather', ...KINDS.map(({ type }) => type));

describe('decode', () => {
  it.each(KINDS)('SC-80: any valid $type, is recognised as $kind', ({ kind, type, schema }) => {
    fc.assert(
      fc.property(arbitraryOf(schema), (data) => {
        const text = JSON.stringify({ type, data });
        expect(decode(text)).toEqual({ kind, message: JSON.parse(text) });
      }),
    );
  });

  it('SC-81: any value, does not throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), (payload) => {
        expect(['bus', 'feed', 'unknown']).toContain(decode(payload).kind);
      }),
    );
  });

  it('SC-82: whatever passes as a message, can be used without throwing', () => {
    const data = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(types, data, fc.option(fc.string()), (type, content, id) => {
        const decoded = decode(JSON.stringify({ type, data: content, ...(id === null ? {} : { id }) }));
        if (decoded.kind !== 'bus') return;
        expect(seriesKey(decoded.message)).toBeTypeOf('string');
        expect(timeOf(decoded.message)).toBeTypeOf('string');
        expect(hostOf(decoded.message) ?? '').toBeDefined();
      }),
    );
  });

  it('SC-82: a sample without meta, is not handed on', () => {
    const text =
      '{"type":"system_metric","data":{"time":"2026-01-17T04:30:00Z","metric_type":"cpu","value":1,"source":"host"}}';
    expect(decode(text)).toEqual({ kind: 'unknown' });
  });

  it('SC-82: an id that cannot be compared, is not handed on', () => {
    const text = '{"type":"container_status","data":{"container":"a","status":"running","time":""},"id":"x"}';
    expect(decode(text)).toEqual({ kind: 'unknown' });
  });
});
