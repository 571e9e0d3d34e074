/** A log id as the two numbers that it is made of. */
export interface LogPlace {
  ms: number;
  sequence: number;
}

/** The id must be well-formed. */
export function placeOf(id: string): LogPlace {
  const dash = id.indexOf('-');
  return { ms: Number(id.slice(0, dash)), sequence: Number(id.slice(dash + 1)) };
}

export function renderPlace({ ms, sequence }: LogPlace): string {
  return `${ms}-${sequence}`;
}

/** Below zero when `a` comes first. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.ms !== b.ms ? a.ms - b.ms : a.sequence - b.sequence;
}

/** Stands for the place of a message that has none. */
export const NO_PLACE: LogPlace = { ms: -1, sequence: -1 };
