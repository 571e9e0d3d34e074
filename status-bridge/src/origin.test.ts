import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origin.js';

const ALLOWED = ['https://status.example.org'];

describe('origin', () => {
  it.each([
    ['a program', undefined, true],
    ['an allowed page', 'https://status.example.org', true],
    ['another page', 'https://evil.example', false],
    ['an allowed name with another scheme', 'http://status.example.org', false],
    ['a name that only begins so', 'https://status.example.org.evil.example', false],
    ['the own address', 'https://bridge.example', true],
    ['the own address with another port', 'https://bridge.example:8443', false],
    ['a page without origin', 'null', false],
    ['a file', 'file://bridge.example', false],
  ])('SB-21: %s, as it should be', (_who, origin, expected) => {
    expect(isOriginAllowed(origin, 'bridge.example', ALLOWED)).toBe(expected);
  });

  it('SB-21: whatever is sent, an answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (origin, host) => {
        expect(isOriginAllowed(origin, host, [])).toBeTypeOf('boolean');
      }),
    );
  });
});
