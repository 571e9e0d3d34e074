import { describe, expect, it } from 'vitest';
import { explainListenFailure } from './listen-failure.js';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('why a server cannot listen', () => {
  it.each([
    ['EADDRINUSE', 'address_in_use', 'PORT'],
    ['EACCES', 'address_unusable', 'PORT'],
    ['EADDRNOTAVAIL', 'address_unusable', 'HOST'],
    ['ENOTFOUND', 'address_unusable', 'HOST'],
    ['EAI_AGAIN', 'address_unusable', 'HOST'],
  ])('RT-33: %s, is %s and names %s', (given, code, variable) => {
    expect(explainListenFailure(failure(given), { host: 'h', port: 80 })).toMatchObject({
      code,
      message: expect.stringContaining(`set ${variable} `),
    });
  });

  it('RT-33: anything else, is left as it is', () => {
    const other = failure('EMFILE');
    expect(explainListenFailure(other, { host: 'h', port: 80 })).toBe(other);
  });
});
