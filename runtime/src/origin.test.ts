import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origin.js';

describe('an origin', () => {
  it.each([
    ['no origin', undefined, 'a.example'],
    ['the same origin', 'https://a.example', 'a.example'],
    ['the same with a port', 'http://a.example:8080', 'a.example:8080'],
    ['the default port written out', 'https://a.example', 'a.example:443'],
    ['another case', 'https://A.example', 'a.EXAMPLE'],
    ['a listed one', 'https://listed.example', 'a.example'],
  ])('RT-193: %s, allowed', (_name, origin, host) => {
    expect(isOriginAllowed(origin, host, ['https://listed.example'])).toBe(true);
  });

  it.each([
    ['another host', 'https://b.example', 'a.example'],
    ['another port', 'https://a.example:8443', 'a.example'],
    ['the scheme of a listed one changed', 'http://listed.example', 'a.example'],
    ['a host that only begins alike', 'https://a.example.evil.example', 'a.example'],
    ['an opaque origin', 'null', 'null'],
    ['no URL', 'https://', 'a.example'],
    ['no host header', 'https://a.example', undefined],
    ['a file', 'file://', ''],
    ['a file of the same host', 'file://a.example', 'a.example'],
    ['a listed name with more behind it', 'https://listed.example.evil.example', 'a.example'],
  ])('RT-193: %s, refused', (_name, origin, host) => {
    expect(isOriginAllowed(origin, host, ['https://listed.example'])).toBe(false);
  });

  it('RT-193: whatever is sent, an answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (origin, host) => {
        expect(isOriginAllowed(origin, host, [])).toBeTypeOf('boolean');
      }),
    );
  });
});
