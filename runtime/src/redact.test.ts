import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from './redact.js';

/** Keys as people make them: any visible ASCII but the comma that separates keys. */
const anyKey = fc
  .string({ unit: fc.constantFrom(...visibleAscii()), minLength: 16, maxLength: 48 })
  .filter((key) => !key.includes(','));

function visibleAscii(): string[] {
  return Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
}

/** No run of 8 characters of the secret is left. */
function expectGone(text: string, secret: string): void {
  for (let at = 0; at + 8 <= secret.length; at += 1) expect(text).not.toContain(secret.slice(at, at + 8));
}

describe('redaction', () => {
  it.each([
    '?api_key=',
    '?a=1&api_key=',
    '#key=',
    '&ticket=',
    '?token=',
    '?API_KEY=',
    '?refresh_token=',
    '?password=',
  ])('RT-15: any key in a URL after %s, does not survive', (before) => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const encoded = encodeURIComponent(key);
        expectGone(redactText(`GET /api/system/ws${before}${encoded}&x=1 HTTP/1.1`), encoded);
        expectGone(redactText(JSON.stringify({ url: `/ws${before}${encoded}` })), encoded);
      }),
    );
  });

  it.each(['X-API-KEY: ', 'authorization: Bearer ', 'Authorization: Basic ', 'x-api-key='])(
    'RT-16: any key in a header line "%s", does not survive, bare or inside JSON',
    (before) => {
      const bare = anyKey.filter((key) => !/["'\\]/.test(key));
      fc.assert(
        fc.property(bare, (key) => {
          expectGone(redactText(`${before}${key}`), key);
        }),
      );
      fc.assert(
        fc.property(anyKey, (key) => {
          const escaped = JSON.stringify(key).slice(1, -1);
          expectGone(redactText(JSON.stringify({ msg: `${before}${key} was sent` })), escaped);
        }),
      );
    },
  );

  it('RT-17: any key in an object of headers, does not survive, and the line stays JSON', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const line = JSON.stringify({ headers: { 'x-api-key': key, authorization: `Bearer ${key}` }, n: 1 });
        const redacted = redactText(line);
        expectGone(redacted, JSON.stringify(key).slice(1, -1));
        expect(JSON.parse(redacted)).toMatchObject({ n: 1 });
      }),
    );
  });

  it('RT-18: a password in a connection string, and a key in a subprotocol, do not survive', () => {
    const text = redactText('redis://user:p@ss-word@h:6379/0 pulsewire.v1, key.c2VjcmV0LXNlY3JldC1zZWNyZXQ');
    expect(text).toBe('redis://[redacted]@h:6379/0 pulsewire.v1, key.[redacted]');
  });

  it.each(['a.', 'key.', 'a:', 'bearer', 'x-api-key', '?a_', 'a-'])(
    'RT-19: a megabyte of "%s", is read through once',
    (piece) => {
      // Looked at from each of its places to its end, it would take minutes.
      const text = piece.repeat(1_000_000 / piece.length);
      expect(redactText(text)).toBe(text);
    },
  );

  it('RT-19: text without credentials, is unchanged, and no text makes it throw', () => {
    const plain = '{"component":"bus","channel":"system:metrics","key":"value","url":"http://h/a?b=c"}';
    expect(redactText(plain)).toBe(plain);
    fc.assert(fc.property(fc.string(), (text) => typeof redactText(text) === 'string'));
  });
});
