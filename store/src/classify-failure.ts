/**
 * What a failure of the driver means. A *loss* says that the server cannot be used now, and why; any other
 * failure is the statement's own. SQLSTATE classes: PostgreSQL manual, appendix A.
 */
import { StoreError, type StoreErrorCode } from './errors.js';

export const DATABASE_CAUSES = ['connecting', 'unreachable', 'refused', 'not_accepting', 'silent'] as const;
export type DatabaseCause = (typeof DATABASE_CAUSES)[number];

/** Why the server cannot be used; `null` when it answered, if only with a refusal of the statement. */
export function classifyLoss(error: unknown): DatabaseCause | null {
  const { code, message } = describe(error);
  // Passwords, roles, databases that do not exist, too many connections of one role.
  if (/^(28|3D)/.test(code)) return 'refused';
  if (/^(57P|53300)/.test(code)) return 'not_accepting';
  if (code.startsWith('08') || /^E[A-Z_]+$/.test(code)) return 'unreachable';
  if (/timeout/i.test(message) && code === '') return 'silent';
  return code === '' && /connection|socket|not queryable|ended/i.test(message) ? 'unreachable' : null;
}

/** The error that users of the store see. Errors that are ours already pass as they are. */
export function classifyFailure(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = describe(error);
  return new StoreError(codeOf(error, code), message === '' ? 'the database failed' : message, {
    cause: error,
  });
}

function codeOf(error: unknown, sqlState: string): StoreErrorCode {
  if (classifyLoss(error) !== null) return 'database_unavailable';
  if (sqlState === '57014') return 'query_timed_out';
  // Undefined table, undefined column, undefined schema.
  if (['42P01', '42703', '3F000'].includes(sqlState)) return 'schema_missing';
  // Data exceptions, integrity constraints, and what is too large for an index: a matter of the values.
  return /^(22|23|54)/.test(sqlState) ? 'row_refused' : 'query_failed';
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code: unknown = inner instanceof Error && 'code' in inner ? inner.code : '';
  const text = error.message === '' && inner instanceof Error ? inner.message : error.message;
  return { code: typeof code === 'string' ? code : '', message: text };
}
