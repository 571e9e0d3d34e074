import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_DATA_SCHEMAS, FEED_DATA_SCHEMAS } from './feed.js';
import { LIMITS } from './limits.js';
import { BUS_DATA_SCHEMAS } from './messages.js';
import { PARSE_ERRORS } from './names.js';
import { type ParseResult, parseBusMessage, parseClientMessage, parseFeedMessage } from './parse.js';
import { arbitraryOf } from './schema-arbitrary.test-support.js';

const PARSERS = { bus: parseBusMessage, client: parseClientMessage, feed: parseFeedMessage };
const TYPES = [
  ...Object.entries(BUS_DATA_SCHEMAS).map(([type, schema]) => ({ parser: 'bus', type, schema }) as const),
  ...Object.entries(CLIENT_DATA_SCHEMAS).map(
    ([type, schema]) => ({ parser: 'client', type, schema }) as const,
  ),
  ...Object.entries(FEED_DATA_SCHEMAS).map(([type, schema]) => ({ parser: 'feed', type, schema }) as const),
];

const SPEC_METRIC = `{
  "type": "system_metric",
  "data": {
    "time": "2026-01-17T04:30:00Z",
    "metric_type": "cpu",
    "value": 45.2,
    "source": "host",
    "meta": {
        "unit": "percent"
    }
  }
}`;
const SPEC_CONTAINER = `{
  "type": "container_status",
  "data": {
    "container": "tick-archiver",
    "status": "running",
    "time": "2026-01-17T04:30:00Z"
  }
}`;

/** Either a message or an error of the closed set, with a field exactly when a field is wrong. */
function expectVerdict(result: ParseResult<unknown>): void {
  if (result.ok) {
    expect(result.message).toBeTypeOf('object');
    return;
  }
  expect(PARSE_ERRORS).toContain(result.error.code);
  expect(result.error.message).not.toBe('');
  expect(result.error.field !== undefined).toBe(result.error.code === 'invalid_field');
}

function codeOf(result: ParseResult<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

describe('any input', () => {
  it.each(Object.entries(PARSERS))(
    'SS-1: any bytes to the %s parser, a message or a typed error',
    (_name, parse) => {
      fc.assert(fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => expectVerdict(parse(bytes))));
    },
  );

  it.each(Object.entries(PARSERS))(
    'SS-1: any JSON to the %s parser, a message or a typed error',
    (_name, parse) => {
      fc.assert(fc.property(fc.json(), (json) => expectVerdict(parse(json))));
    },
  );

  it.each(TYPES)('SS-1: any data of type $type, a message or a typed error', ({ parser, type }) => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) =>
        expectVerdict(PARSERS[parser](JSON.stringify({ type, data }))),
      ),
    );
  });

  it.each(TYPES)('SS-2: valid data of type $type, passes unchanged', ({ parser, type, schema }) => {
    fc.assert(
      fc.property(arbitraryOf(schema), (data) => {
        const text = JSON.stringify({ type, data });
        expect(PARSERS[parser](text, 1_000_000)).toEqual({ ok: true, message: JSON.parse(text) });
      }),
    );
  });

  it.each(TYPES)(
    'SS-3: $type with one field of a wrong type, names that field',
    ({ parser, type, schema }) => {
      const names = Object.keys((schema as unknown as { properties: object }).properties);
      fc.assert(
        fc.property(arbitraryOf(schema), fc.constantFrom(...names), (data, name) => {
          const text = JSON.stringify({ type, data: { ...(data as object), [name]: { not: 'this' } } });
          const result = PARSERS[parser](text, 1_000_000);
          if (name === 'meta' || name === 'limits') expectVerdict(result);
          else expect(result).toMatchObject({ ok: false, error: { field: `data.${name}` } });
        }),
      );
    },
  );
});

describe('specification 001', () => {
  it.each([SPEC_METRIC, SPEC_CONTAINER])('SS-4: a sample of the specification, passes', (text) => {
    expect(parseBusMessage(Buffer.from(text))).toEqual({ ok: true, message: JSON.parse(text) });
  });

  it('SS-5: fields that nobody knows, are kept', () => {
    const text = SPEC_METRIC.replace('"unit": "percent"', '"unit": "percent", "rack": 7');
    expect(parseBusMessage(text)).toEqual({ ok: true, message: JSON.parse(text) });
  });
});

describe('refusals', () => {
  it.each([
    ['too_large', 'x'.repeat(LIMITS.maxPayloadBytes + 1)],
    ['too_large', 'é'.repeat(LIMITS.maxPayloadBytes / 2 + 1)],
    ['not_utf8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['not_utf8', Buffer.from([0xed, 0xa0, 0x80])],
    ['not_json', ''],
    ['not_json', '{"type":"log"'],
    ['not_json', '\ufeff{}'],
    ['not_json', 'NaN'],
    ['not_an_object', 'null'],
    ['not_an_object', '[]'],
    ['not_an_object', '"text"'],
    ['unknown_type', '{"type":"temperature","data":{}}'],
    ['unknown_type', '{"type":"constructor","data":{}}'],
    ['unknown_type', '{"type":"__proto__","data":{}}'],
    ['invalid_field', '{"data":{}}'],
    ['invalid_field', '{"type":"log"}'],
    ['invalid_field', '{"type":"log","data":[]}'],
  ] as const)('SS-6: refused as %s (%#)', (code, payload) => {
    expect(codeOf(parseBusMessage(payload))).toBe(code);
  });

  it.each([`${'['.repeat(30_000)}${']'.repeat(30_000)}`, '{"a":'.repeat(10_000), '['.repeat(60_000)])(
    'SS-7: nested tens of thousands deep, refused without harm (%#)',
    (payload) => {
      expectVerdict(parseBusMessage(payload));
    },
  );

  it('SS-7: a deep value in an unknown field, does not matter', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const text = SPEC_METRIC.replace('"unit": "percent"', `"unit": "percent", "deep": ${deep}`);
    expect(codeOf(parseBusMessage(text))).toBe('ok');
  });

  it('SS-8: a key __proto__ in the JSON, changes no prototype', () => {
    const text =
      '{"type":"log","data":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}';
    expect(codeOf(parseBusMessage(text))).toBe('invalid_field');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('SS-9: exactly the allowed size, is parsed', () => {
    const padding = LIMITS.maxPayloadBytes - SPEC_METRIC.length;
    expect(codeOf(parseBusMessage(`${SPEC_METRIC}${' '.repeat(padding)}`))).toBe('ok');
    expect(codeOf(parseBusMessage(`${SPEC_METRIC}${' '.repeat(padding + 1)}`))).toBe('too_large');
  });

  it('SS-10: an id that is no log position, is refused', () => {
    const text = SPEC_CONTAINER.replace('"type"', '"id": "7", "type"');
    expect(parseBusMessage(text)).toMatchObject({ ok: false, error: { field: 'id' } });
  });
});
