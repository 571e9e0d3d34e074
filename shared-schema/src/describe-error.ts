/** Turns what a compiled schema says into one sentence that tells the fix. Never quotes the value that was given. */
import type { TLocalizedValidationError } from 'typebox/error';
import { LOG_ID_PATTERN, NO_NUL_PATTERN, QUERY_TIME_PATTERN, TIME_PATTERN } from './words.js';

export interface FieldError {
  /** Dotted path from the data on: `meta.host`; empty for the data itself. */
  path: string;
  /** What must be: `must be a number`. */
  must: string;
}

const PATTERNS: ReadonlyMap<string, string> = new Map([
  [TIME_PATTERN, 'must be a time in UTC such as 2026-01-17T04:30:00Z'],
  [QUERY_TIME_PATTERN, 'must be a time in UTC such as 2026-01-17T04:30:00Z, or milliseconds since 1970'],
  [NO_NUL_PATTERN, 'must not contain the character NUL'],
  [LOG_ID_PATTERN, 'must be a log position such as 1768624200000-0'],
]);

/** Describes the first field that is wrong. `errors` is in the order in which the schema found them. */
export function describeFirstError(errors: readonly TLocalizedValidationError[]): FieldError {
  const [first] = errors;
  if (first === undefined) return { path: '', must: 'is invalid' };
  const path = first.instancePath.split('/').slice(1).map(unescapePointer);
  if (first.keyword === 'required') {
    const missing = first.params.requiredProperties[0];
    return { path: [...path, ...(missing === undefined ? [] : [missing])].join('.'), must: 'is required' };
  }
  // A union reports one error per branch; the branch that got furthest knows best what was meant.
  const isUnion = errors.some(
    ({ keyword, instancePath }) => keyword === 'anyOf' && instancePath === first.instancePath,
  );
  const deeper = errors.find(({ instancePath }) => instancePath.startsWith(`${first.instancePath}/`));
  if (isUnion && deeper !== undefined) return describeFirstError([deeper]);
  const branches = errors.filter(
    (error) => error.instancePath === first.instancePath && error.keyword !== 'anyOf',
  );
  const types = branches.flatMap((error) => (error.keyword === 'type' ? [error.params.type].flat() : []));
  if (types.length === branches.length) return { path: path.join('.'), must: `must be ${orList(types)}` };
  const specific = branches.find((error) => error.keyword !== 'type') ?? first;
  return { path: path.join('.'), must: describe(specific) };
}

function describe(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${error.params.allowedValues.map(String).join(', ')}`;
    case 'pattern':
      return PATTERNS.get(String(error.params.pattern)) ?? `must match ${error.params.pattern}`;
    case 'minLength':
      return error.params.limit === 1 ? 'must not be empty' : error.message;
    case 'minItems':
      return error.params.limit === 1 ? 'must not be empty' : error.message;
    case 'maxLength':
      return `must not be longer than ${error.params.limit} characters`;
    default:
      return error.message;
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  string: 'a string',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

function orList(types: readonly string[]): string {
  return [...new Set(types)].map((type) => ARTICLES[type] ?? type).join(' or ');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
