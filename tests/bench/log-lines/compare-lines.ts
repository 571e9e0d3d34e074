/** What was stored beside what was written. No two written lines are alike. */

export interface Comparison {
  lines: number;
  /** Written and not stored. */
  missing: number;
  /** Stored once more than written. */
  doubled: number;
  /** Stored and never written. */
  foreign: number;
  /** Stored after a line that was written later. */
  misordered: number;
}

export function compareLines(written: readonly string[], stored: readonly string[]): Comparison {
  const placeOf = new Map(written.map((line, place) => [line, place]));
  const seen = new Set<number>();
  let doubled = 0;
  let foreign = 0;
  let misordered = 0;
  let latest = -1;
  for (const line of stored) {
    const place = placeOf.get(line);
    if (place === undefined) foreign += 1;
    else if (seen.has(place)) doubled += 1;
    else {
      seen.add(place);
      if (place < latest) misordered += 1;
      latest = Math.max(latest, place);
    }
  }
  return { lines: written.length, missing: written.length - seen.size, doubled, foreign, misordered };
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
