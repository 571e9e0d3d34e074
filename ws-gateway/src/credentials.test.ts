import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offeredKey } from './credentials.js';

function offered(headers: Record<string, string>, query = ''): string | undefined {
  return offeredKey({ query: new URLSearchParams(query), header: (name) => headers[name] });
}

const pair = (key: string) => `pulsewire.v1, key.${Buffer.from(key).toString('base64url')}`;

describe('the offered key', () => {
  it.each([
    ['X-API-KEY', { 'x-api-key': 'k' }, ''],
    ['Bearer', { authorization: 'Bearer k' }, ''],
    ['bearer in lower case', { authorization: 'bearer  k ' }, ''],
    ['the subprotocol pair', { 'sec-websocket-protocol': pair('k') }, ''],
    [
      'the pair in reverse',
      { 'sec-websocket-protocol': `key.${Buffer.from('k').toString('base64url')},pulsewire.v1` },
      '',
    ],
    ['the query', {}, 'api_key=k'],
  ])('GW-20: given by %s, found', (_name, headers, query) => {
    expect(offered(headers as Record<string, string>, query)).toBe('k');
  });

  it.each([
    ['nothing', {}, ''],
    ['an empty header', { 'x-api-key': '' }, ''],
    ['another scheme', { authorization: 'Basic k' }, ''],
    ['Bearer without key', { authorization: 'Bearer ' }, ''],
    ['a key subprotocol alone', { 'sec-websocket-protocol': 'key.aw' }, ''],
    ['an empty key subprotocol', { 'sec-websocket-protocol': 'pulsewire.v1, key.' }, ''],
    ['an empty query', {}, 'api_key='],
  ])('GW-20: %s, no key', (_name, headers, query) => {
    expect(offered(headers as Record<string, string>, query)).toBeUndefined();
  });

  it('GW-21: several, the first in the fixed order counts', () => {
    const all = { 'x-api-key': '1', authorization: 'Bearer 2', 'sec-websocket-protocol': pair('3') };
    const { 'x-api-key': _first, ...withoutFirst } = all;
    const { authorization: _second, ...onlyPair } = withoutFirst;
    const found = [all, withoutFirst, onlyPair, {}].map((headers) => offered(headers, 'api_key=4'));
    expect(found).toEqual(['1', '2', '3', '4']);
  });

  it('GW-20: any key survives the subprotocol', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
        expect(offered({ 'sec-websocket-protocol': pair(key) })).toBe(key);
      }),
    );
  });

  it('GW-76: any header, no throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (first, second, query) => {
        const key = offered({ authorization: first, 'sec-websocket-protocol': second }, query);
        expect(key === undefined || key.length > 0).toBe(true);
      }),
    );
  });
});
