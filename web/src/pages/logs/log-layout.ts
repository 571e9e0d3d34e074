/** Where the rows of a long list lie: all of one height, or, wrapped, each as high as its message. Pixels. */
import { excerptMessage } from './log-excerpt.js';
import type { LogLine } from './log-line.js';

export interface LogLayout {
  readonly count: number;
  readonly totalPx: number;
  topOf(index: number): number;
  heightOf(index: number): number;
  /** The row at a height, within the list. */
  indexAt(px: number): number;
}

export interface WrapOptions {
  /** Height of a row whose message takes one line. */
  readonly rowPx: number;
  readonly linePx: number;
  /** Characters of half a width that fit on a line. */
  readonly columns: number;
  readonly search: string;
}

/** Of one message; the rest of it is in the line's detail. */
export const MOST_WRAPPED_LINES = 12;
/** From here on a character may be as wide as two; before it only pictures are. */
const WIDE_FROM = 0x2e80;
const PICTURES_FROM = 0x2300;

export function layOutEven(count: number, rowPx: number): LogLayout {
  return {
    count,
    totalPx: count * rowPx,
    topOf: (index) => index * rowPx,
    heightOf: () => rowPx,
    indexAt: (px) => clampIndex(Math.floor(px / rowPx), count),
  };
}

/** How many lines a message takes is computed, not measured: a screen's width, and characters of one width. */
export class WrapMeasure {
  readonly #options: WrapOptions;
  readonly #lines = new WeakMap<LogLine, number>();

  constructor(options: WrapOptions) {
    this.#options = options;
  }

  layOut(lines: readonly LogLine[]): LogLayout {
    const { rowPx, linePx } = this.#options;
    const tops = new Float64Array(lines.length + 1);
    for (const [index, line] of lines.entries())
      tops[index + 1] = (tops[index] ?? 0) + rowPx + (this.#countLines(line) - 1) * linePx;
    const topOf = (index: number) => tops[Math.min(index, lines.length)] ?? 0;
    return {
      count: lines.length,
      totalPx: topOf(lines.length),
      topOf,
      heightOf: (index) => topOf(index + 1) - topOf(index),
      indexAt: (px) => searchTops(tops, px, lines.length),
    };
  }

  #countLines(line: LogLine): number {
    const known = this.#lines.get(line);
    if (known !== undefined) return known;
    const { columns, search } = this.#options;
    const count = countWrappedLines(excerptMessage(line.message, search), columns);
    this.#lines.set(line, count);
    return count;
  }
}

export function countWrappedLines(text: string, columns: number): number {
  let lines = 1;
  let used = 0;
  for (const character of text) {
    const width = isWide(character) ? 2 : 1;
    if (used + width > columns) {
      lines += 1;
      used = 0;
      if (lines === MOST_WRAPPED_LINES) return lines;
    }
    used += width;
  }
  return lines;
}

function isWide(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= WIDE_FROM || (code >= PICTURES_FROM && /\p{Emoji_Presentation}/u.test(character));
}

function searchTops(tops: Float64Array, px: number, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((tops[middle] ?? 0) <= px) low = middle;
    else high = middle - 1;
  }
  return clampIndex(low, count);
}

function clampIndex(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}
