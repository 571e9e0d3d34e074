import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactProbeError } from './redact-probe-error.js';

const URL_OF_BOB = 'postgresql://bob:hun%2Fter22@db/shop?sslpassword=opensesame';

describe('what a driver says', () => {
  it('SE-86: user name and password, as written and as decoded, are taken out', () => {
    const error = new Error('user "bob" with hun/ter22, hun%2Fter22 or opensesame was refused');
    expect(redactProbeError(error, URL_OF_BOB)).toBe(
      'user "[redacted]" with [redacted], [redacted] or [redacted] was refused',
    );
  });

  it('SE-86: a short password, only where it stands alone', () => {
    expect(redactProbeError(new Error('a bad a'), 'redis://:a@h')).toBe('[redacted] bad [redacted]');
  });

  it('SE-86: the whole address in the text, its credentials are taken out', () => {
    const text = redactProbeError(new Error(`cannot parse ${URL_OF_BOB}`), URL_OF_BOB);
    expect(text).toBe('cannot parse postgresql://[redacted]@db/shop?sslpassword=[redacted]');
  });

  it('SE-86: any password in any text, is never in what comes out', () => {
    const password = fc.string({ minLength: 4, maxLength: 40 }).filter((text) => text.trim().length >= 4);
    fc.assert(
      fc.property(password, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'[redacted]'.includes(secret) && !secret.includes('[redacted]'));
        const url = `redis://:${encodeURIComponent(secret)}@h`;
        const said = redactProbeError(new Error(`${before} ${secret} ${after}`), url);
        expect(said.replaceAll('[redacted]', '')).not.toContain(secret);
      }),
    );
  });

  it('SE-86: several addresses that refuse, the first reason with its code', () => {
    const refused = Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' });
    expect(redactProbeError(new AggregateError([refused, refused], ''), 'redis://h')).toBe(
      'connect failed (ECONNREFUSED)',
    );
  });

  it('SE-86: a page of text, one short line', () => {
    const said = redactProbeError(new Error('no\n\u0007way '.repeat(500)), 'redis://h');
    expect(said).toMatch(/^no way no way .*…$/);
    expect(said.length).toBe(300);
  });
});
