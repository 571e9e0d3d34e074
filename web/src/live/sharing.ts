/** Structural sharing: an equal new value is replaced by the old one, so that identity means equality. */

/** `before` when both have the same own fields by identity, else `after`. */
export function share<T extends object>(before: T | undefined, after: T): T {
  if (before === undefined) return after;
  const fields = Object.keys(after) as (keyof T)[];
  return fields.every((field) => Object.is(before[field], after[field])) ? before : after;
}

/** `before` when both lists hold the same members by identity, else `after`. */
export function shareList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  if (before === undefined || before.length !== after.length) return after;
  return after.every((member, index) => member === before[index]) ? before : after;
}
