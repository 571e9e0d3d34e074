/**
 * Source text made safe to search: the same length and lines, with comments blanked (*code*), and string contents
 * blanked as well (*bare*). A word in a comment or in a message then breaks no rule.
 */

export interface SourceText {
  /** Without comments. */
  code: string;
  /** Without comments and without what stands between quotes. */
  bare: string;
}

type Mode = 'code' | 'line-comment' | 'block-comment' | 'single' | 'double' | 'template' | 'regex';

const OPENERS: readonly (readonly [string, Mode])[] = [
  ['//', 'line-comment'],
  ['/*', 'block-comment'],
  ["'", 'single'],
  ['"', 'double'],
  ['`', 'template'],
];
const CLOSERS: Readonly<Record<Exclude<Mode, 'code'>, string>> = {
  'line-comment': '\n',
  'block-comment': '*/',
  single: "'",
  double: '"',
  template: '`',
  regex: '/',
};
/** After one of these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{;+]|=>|\breturn)\s*$/;

export function deriveSourceText(text: string): SourceText {
  let code = '';
  let bare = '';
  let mode: Mode = 'code';
  /** Open braces inside each `${…}`, innermost last. */
  const holes: number[] = [];

  for (let i = 0; i < text.length; ) {
    const take = (length: number, inCode: boolean, inBare: boolean) => {
      const part = text.slice(i, i + length);
      const blank = part.replace(/[^\n]/g, ' ');
      code += inCode ? part : blank;
      bare += inBare ? part : blank;
      i += length;
    };
    if (mode === 'code') {
      const opener = OPENERS.find(([start]) => text.startsWith(start, i));
      if (opener !== undefined) {
        const [start, next] = opener;
        const isComment = next.endsWith('comment');
        take(start.length, !isComment, !isComment);
        mode = next;
      } else if (text[i] === '/' && BEFORE_REGEX.test(bare.slice(-80))) {
        take(1, true, true);
        mode = 'regex';
      } else {
        if (holes.length > 0) mode = trackHole(holes, text[i] ?? '');
        take(1, true, true);
      }
      continue;
    }
    const isComment = mode.endsWith('comment');
    const closer: string = CLOSERS[mode];
    if (!isComment && text[i] === '\\') take(2, true, false);
    else if (mode === 'regex' && text[i] === '[') take(regexClassLength(text, i), true, false);
    else if (mode === 'template' && text.startsWith('${', i)) {
      take(2, true, true);
      holes.push(0);
      mode = 'code';
    } else if (text.startsWith(closer, i)) {
      take(closer.length, !isComment, !isComment);
      mode = 'code';
    } else if (text[i] === '\n' && mode !== 'template' && mode !== 'block-comment') {
      // Quotes do not span lines: an apostrophe in JSX text must not swallow the rest of the file.
      take(1, true, true);
      mode = 'code';
    } else take(1, !isComment, false);
  }
  return { code, bare };
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
}

/** Counts braces in a template's hole and tells whether the template goes on after this character. */
function trackHole(holes: number[], character: string): Mode {
  const depth = holes.at(-1) ?? 0;
  if (character === '}' && depth === 0) {
    holes.pop();
    return 'template';
  }
  if (character === '{') holes[holes.length - 1] = depth + 1;
  if (character === '}') holes[holes.length - 1] = depth - 1;
  return 'code';
}

function regexClassLength(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== ']' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  return end - start;
}
