import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSources } from './lib/guard.js';
import { deriveSourceText } from './lib/source-text.js';

const PIECES = [
  'a',
  ' ',
  '\n',
  "'",
  '"',
  '`',
  '/',
  '*',
  '\\',
  '${',
  '}',
  '{',
  '(',
  '[',
  ']',
  '//',
  '/*',
  '*/',
];

describe('source text', () => {
  it('AR-14: comments and strings, blanked where they stand', () => {
    const text = 'a(/* b */ "c", /g"[/]h/, i / j); // k';
    expect(deriveSourceText(text)).toEqual({
      code: 'a(        "c", /g"[/]h/, i / j);     ',
      bare: 'a(        " ", /      /, i / j);     ',
    });
  });

  it('AR-14: the hole of a template, stays code', () => {
    const text = ['`d$', '{e(`f`, {}) + "g"}h`; i'].join('');
    const bare = ['` $', '{e(` `, {}) + " "} `; i'].join('');
    expect(deriveSourceText(text)).toEqual({ code: text, bare });
  });

  it('AR-14: an apostrophe in JSX text, blanks no further line', () => {
    const { bare } = deriveSourceText("<p>It's here</p>\nsetTimeout(x)");
    expect(bare).toContain('setTimeout(x)');
  });

  it('AR-14: any text, keeps its length and its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
        const text = pieces.join('');
        const { code, bare } = deriveSourceText(text);
        for (const view of [code, bare]) {
          expect(view.length).toBe(text.length);
          expect(view.replace(/[^\n]/g, '')).toBe(text.replace(/[^\n]/g, ''));
        }
      }),
    );
  });

  it('AR-14: every file of the repository, is understood to its end', () => {
    const lost = readSources().filter(({ text, bare }) => text.trimEnd().at(-1) !== bare.trimEnd().at(-1));
    expect(lost.map(({ path }) => path)).toEqual([]);
  });
});
