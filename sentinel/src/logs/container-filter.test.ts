import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContainerFilter } from './container-filter.js';

describe('LOG_CONTAINERS', () => {
  it.each([
    [undefined, ['web', 'db', 'web-noisy']],
    ['web', ['web']],
    ['web*, db', ['web', 'db', 'web-noisy']],
    ['*,!*noisy', ['web', 'db']],
    ['!db', ['web', 'web-noisy']],
    ['none', []],
  ])('SE-100: %j, %j', (raw, names) => {
    const { includes } = parseContainerFilter(raw);
    expect(['web', 'db', 'web-noisy'].filter(includes)).toEqual(names);
  });

  it.each(['', 'a,,b', 'a b', '!', 'a,none!'])('SE-100: %j, a mistake', (raw) => {
    expect(() => parseContainerFilter(raw)).toThrow('must be names of containers');
  });

  it('SE-100: any name of a container, included by itself and excluded by itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,30}$/), (name) => {
        fc.pre(name !== 'none');
        expect(parseContainerFilter(name).includes(name)).toBe(true);
        expect(parseContainerFilter(`!${name}`).includes(name)).toBe(false);
      }),
    );
  });
});
