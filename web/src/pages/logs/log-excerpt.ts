/** What one row shows of a message: a bounded piece of it on one line. The whole is in the line's detail. */

/** More does not fit on any screen, and thousands of characters in every row would stop the page. */
export const EXCERPT_LENGTH = 1000;
/** Shown before what was searched for, when that lies beyond the beginning. */
const LEAD_LENGTH = 60;

/** A long message is cut, about what was searched for if that is in it. Line ends and tabs become one character each. */
export function excerptMessage(message: string, search: string): string {
  const flat = (text: string) => text.replace(/\r\n?|\n/g, '↵').replace(/\t/g, ' ');
  if (message.length <= EXCERPT_LENGTH) return flat(message);
  const found = search === '' ? -1 : message.toLowerCase().indexOf(search.toLowerCase());
  const isBeyond = found + search.length > EXCERPT_LENGTH;
  const from = isBeyond ? found - LEAD_LENGTH : 0;
  const end = from + EXCERPT_LENGTH;
  const piece = flat(message.slice(from, end));
  return `${from > 0 ? '…' : ''}${piece}${end < message.length ? '…' : ''}`;
}
