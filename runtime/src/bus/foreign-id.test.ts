import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutId } from './foreign-id.js';

const strip = (text: string) => String(withoutId(Buffer.from(text)));
/** JSON as people and libraries write it. */
const anySpace = fc.constantFrom('', ' ', '\n', '\t  ');
const anyKey = fc.oneof(fc.constantFrom('id', 'data', 'type', 'i', '__proto__'), fc.string());
const anyMember = fc.tuple(anyKey, fc.jsonValue(), anySpace, fc.boolean());

describe('the id of a foreign message', () => {
  it('RT-116: any object, has no id afterwards and all else as it was', () => {
    fc.assert(
      fc.property(fc.array(anyMember), anySpace, (members, around) => {
        const texts = members.map(([key, value, space, escaped]) => {
          const name = escaped ? JSON.stringify(key).replace('d', '\\u0064') : JSON.stringify(key);
          return `${space}${name}${space}:${space}${JSON.stringify(value)}${space}`;
        });
        const text = `${around}{${texts.join(',')}}${around}`;
        const expected = Object.entries(JSON.parse(text) as object).filter(([key]) => key !== 'id');
        expect(Object.entries(JSON.parse(strip(text)) as object)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['{"id":"9-9","type":"a"}', '{"type":"a"}'],
    ['{"type":"a", "data":{"id":"kept"},"id":"9-9"}', '{"type":"a", "data":{"id":"kept"}}'],
    ['{"type":1.50,"id":"1-1","\\u0069\\u0064":2,"data":[ {} ]}\n', '{"type":1.50,"data":[ {} ]}\n'],
    ['{"id":1}', '{}'],
  ])('RT-116: %s, becomes %s', (text, expected) => {
    expect(strip(text)).toBe(expected);
  });

  it.each([
    '{"type":"a","data":{"id":"1-1","x":"\\u0000"}}',
    '{"type":"id"}',
    '["id"]',
    '"id"',
    '{"id"',
    '{"id":[',
    '{"id":"',
    '',
  ])('RT-116: %s, stays byte for byte', (text) => {
    expect(strip(text)).toBe(text);
  });

  it('RT-116: any bytes, of any depth, are taken without throwing', () => {
    const anyPiece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '"id"', '\\u0069', 'x', ' ');
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 60 }), (pieces) => {
        expect(strip(pieces.join('')).length).toBeLessThanOrEqual(pieces.join('').length);
      }),
    );
    const deep = `{"id":"9-9","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(strip(deep)).toBe(deep.replace('"id":"9-9",', ''));
  });
});
