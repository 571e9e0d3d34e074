/**
 * Entry `@pulsewire/shared-schema/rest-query`: what stands after the question mark → what a route was asked, or every
 * mistake by its field. Options that a route does not know are ignored, as everywhere.
 */
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { describeFirstError } from './describe-error.js';
import type { RestRoute } from './rest.js';
import { QUERY_SCHEMAS } from './rest-schemas.js';

export interface FieldMistake {
  field: string;
  message: string;
}

export type RestQuery<R extends RestRoute> = Static<(typeof QUERY_SCHEMAS)[R]>;
export type QueryResult<R extends RestRoute> =
  | { ok: true; query: RestQuery<R> }
  | { ok: false; mistakes: FieldMistake[] };

interface Field {
  isInteger: boolean;
  validator: Validator;
}

const WHOLE_NUMBER = /^\d{1,15}$/;
const FIELDS = new Map(
  Object.entries(QUERY_SCHEMAS).map(([route, schema]) => [route, compileFields(schema)]),
);

/** `raw`: the options as text; one that was given twice is a list, and refused. Never throws. */
export function parseQuery<R extends RestRoute>(
  route: R,
  raw: Readonly<Record<string, unknown>>,
): QueryResult<R> {
  const mistakes: FieldMistake[] = [];
  const query: Record<string, unknown> = {};
  for (const [field, { isInteger, validator }] of FIELDS.get(route) ?? []) {
    const given = Object.hasOwn(raw, field) ? raw[field] : undefined;
    if (given === undefined) continue;
    const value = isInteger && typeof given === 'string' && WHOLE_NUMBER.test(given) ? Number(given) : given;
    if (validator.Check(value)) query[field] = value;
    else if (Array.isArray(given)) mistakes.push({ field, message: 'must be given once' });
    else mistakes.push({ field, message: describeFirstError(validator.Errors(value)).must });
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, query: query as RestQuery<R> };
}

/** A time as `from` and `to` take it → epoch milliseconds. */
export function readQueryTime(text: string): number {
  return WHOLE_NUMBER.test(text) ? Number(text) : Date.parse(text);
}

/** One by one, because a reader wants to know all that is wrong. */
function compileFields(schema: { properties: Record<string, TSchema> }): Map<string, Field> {
  return new Map(
    Object.entries(schema.properties).map(([field, property]) => [
      field,
      { isInteger: 'type' in property && property.type === 'integer', validator: Compile(property) },
    ]),
  );
}
