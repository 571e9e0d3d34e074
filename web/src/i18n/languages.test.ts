import { describe, expect, it } from 'vitest';
import { CATALOGUES, chooseLanguage, LANGUAGES } from './languages.js';

/** Paths of all messages, with their kind. */
function shape(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}:${typeof value}`];
  return Object.entries(value).flatMap(([name, inner]) => shape(inner, `${path}.${name}`));
}
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('catalogues', () => {
  it.each(LANGUAGES)('WB-75: %s, the same messages as English and none empty', (language) => {
    expect(shape(CATALOGUES[language]).sort()).toEqual(shape(CATALOGUES.en).sort());
    expect(texts(CATALOGUES[language])).not.toContain('');
  });
  it('WB-76: the first language of the browser that the page speaks, else English', () => {
    expect([chooseLanguage(['fr', 'ko-KR', 'en']), chooseLanguage(['fr']), chooseLanguage([])]).toEqual([
      'ko',
      'en',
      'en',
    ]);
  });
});
