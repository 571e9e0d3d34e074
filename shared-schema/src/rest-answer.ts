/**
 * Entry `@pulsewire/shared-schema/rest-answer`: checks what a server answered. For clients that do not trust it, and
 * for tests.
 */
import { Compile } from 'typebox/compile';
import { describeFirstError } from './describe-error.js';
import type { RestRoute } from './rest.js';
import { ANSWER_SCHEMAS, RestErrorBody } from './rest-schemas.js';

/** The first thing that is wrong with an answer, with its path, or `null`. */
export function findAnswerMistake(route: RestRoute | 'error', body: unknown): string | null {
  const validator = Compile(route === 'error' ? RestErrorBody : ANSWER_SCHEMAS[route]);
  if (validator.Check(body)) return null;
  const { path, must } = describeFirstError(validator.Errors(body));
  return `${path}: ${must}`;
}
