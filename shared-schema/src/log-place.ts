/** A log id, `<ms>-<sequence>`, as the two numbers that it is made of. */
export interface LogPlace {
  readonly ms: number;
  readonly sequence: number;
}

/** Before every place; stands for that of a message that has none. */
export const NO_PLACE: LogPlace = { ms: -1, sequence: -1 };

const ZERO = '0'.charCodeAt(0);

/** One message is asked for its place several times in a row on its way. */
let newestId = '';
let newestPlace = NO_PLACE;

/** The id must be well-formed. */
export function placeOf(id: string): LogPlace {
  if (id === newestId) return newestPlace;
  const dash = id.indexOf('-');
  newestPlace = { ms: digitsOf(id, 0, dash), sequence: digitsOf(id, dash + 1, id.length) };
  newestId = id;
  return newestPlace;
}

/** Instead of `Number`, which needs a string of its own for each. */
function digitsOf(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

export function renderPlace({ ms, sequence }: LogPlace): string {
  return `${ms}-${sequence}`;
}

/** Below zero when `a` comes first, 0 when they are the same. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.ms !== b.ms ? a.ms - b.ms : a.sequence - b.sequence;
}
