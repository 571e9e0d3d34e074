/**
 * What goes wrong with a request, as a value: an *outcome* is the answer's body or the *problem* that is told
 * instead. Source: contracts.md §4, "Errors everywhere".
 */
import { isoTime } from '@pulsewire/runtime';
import { REST_ERRORS, type RestError, type RestErrorCode } from '@pulsewire/shared-schema/rest';
import { type DatabaseState, StoreError } from '@pulsewire/store';

export interface Problem {
  code: RestErrorCode;
  message: string;
  details?: { field: string; message: string }[];
  since?: string;
  cause?: string;
  /** Headers of the answer besides those that every answer has. */
  headers?: Readonly<Record<string, string>>;
}

export type Outcome<T> = { ok: true; body: T } | { ok: false; problem: Problem };

/** Fastify's codes for what it refuses before a handler is called. */
const FRAMEWORK_CODES: ReadonlyMap<string, RestErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body_too_large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported_media_type'],
]);
const RETRY_SOON = { 'retry-after': '1' };

export function answerWith<T>(body: T): Outcome<T> {
  return { ok: true, body };
}

export function refuse(
  code: RestErrorCode,
  message: string,
  more: Omit<Problem, 'code' | 'message'> = {},
): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, message, ...more } };
}

/** 400 with every field that is wrong. */
export function refuseFields(details: { field: string; message: string }[]): { ok: false; problem: Problem } {
  const message = details.map((detail) => `${detail.field}: ${detail.message}`).join('; ');
  return refuse('bad_request', message, { details });
}

export function deriveStatus({ code }: Problem): number {
  return REST_ERRORS[code];
}

export function deriveBody({ code, message, details, since, cause }: Problem): RestError {
  return {
    error: code,
    message,
    ...(details === undefined ? {} : { details }),
    ...(since === undefined ? {} : { since }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** The database is down, as its state tells it; while it is up, others keep it busy. */
export function databaseProblem(state: DatabaseState): Problem {
  const headers = RETRY_SOON;
  if (state.status === 'up')
    return { code: 'query_timed_out', message: 'the database is busy with other questions', headers };
  const since = isoTime(state.sinceMs);
  const cause = state.cause ?? 'unknown';
  const message = `the database does not answer since ${since}: ${cause}`;
  return { code: 'database_unavailable', message, since, cause, headers };
}

/** What an error that was thrown means to the client; `null` when it is our fault. */
export function problemOf(error: unknown, state: DatabaseState): Problem | null {
  if (error instanceof StoreError) return storeProblem(error, state);
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = FRAMEWORK_CODES.get(String(code));
  if (known === 'body_too_large') return { code: known, message: 'the body is larger than 1 MiB' };
  if (known !== undefined) return { code: known, message: 'the body must be JSON' };
  if (statusCode === 400) return { code: 'bad_request', message: 'the request cannot be read' };
  return null;
}

function storeProblem(error: StoreError, state: DatabaseState): Problem | null {
  switch (error.code) {
    case 'database_unavailable':
      return databaseProblem(state);
    case 'query_timed_out':
      return {
        code: 'query_timed_out',
        message: 'this takes too long; ask for a shorter range or a narrower search',
      };
    case 'schema_missing':
      return { code: 'not_ready', message: 'the database is not migrated yet', headers: RETRY_SOON };
    case 'cursor_invalid':
      return refuseFields([{ field: 'before', message: 'must be a cursor as an earlier answer gave it' }])
        .problem;
    default:
      return null;
  }
}
