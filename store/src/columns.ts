/** Reads columns of a row as what they must be. A surprise is a mistake of ours in the SQL beside it. */
import type { Row } from './database.js';

export function readText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw surprise(column, 'text');
  return value;
}

export function readTextOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : readText(row, column);
}

/** Whole numbers of 64 bits come as text; ours are all smaller than 2^53. */
export function readNumber(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value !== '') return Number(value);
  throw surprise(column, 'a number');
}

export function readNumberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : readNumber(row, column);
}

export function readBoolean(row: Row, column: string): boolean {
  const value = row[column];
  if (typeof value !== 'boolean') throw surprise(column, 'true or false');
  return value;
}

/** SQL for a time as epoch milliseconds, read with {@link readNumber}. */
export function epochMs(expression: string): string {
  return `(extract(epoch from ${expression}) * 1000)::float8`;
}

/** Conditions of a query that is put together: values stay out of the text. */
export interface Conditions {
  readonly values: readonly unknown[];
  /** Adds a value, and returns how the text names it. */
  value(value: unknown): string;
  /** Adds `template` with `?` for the value, unless that is `undefined`. */
  add(template: string, value: unknown): void;
  /** `where …`, or nothing. */
  where(): string;
}

export function createConditions(): Conditions {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (value: unknown) => `$${values.push(value)}`;
  return {
    values,
    value: add,
    add(template, value) {
      if (value !== undefined) parts.push(template.replace('?', add(value)));
    },
    where: () => (parts.length === 0 ? '' : `where ${parts.join(' and ')}`),
  };
}

function surprise(column: string, what: string): TypeError {
  return new TypeError(`column ${column} is not ${what}`);
}
