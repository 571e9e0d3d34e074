import { describe, expect, it } from 'vitest';
import { classifyFailure, classifyLoss } from './classify-failure.js';
import { StoreError } from './errors.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('classifyFailure', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable', 'database_unavailable'],
    ['ENOENT', 'unreachable', 'database_unavailable'],
    ['08006', 'unreachable', 'database_unavailable'],
    ['28P01', 'refused', 'database_unavailable'],
    ['3D000', 'refused', 'database_unavailable'],
    ['57P01', 'not_accepting', 'database_unavailable'],
    ['53300', 'not_accepting', 'database_unavailable'],
    ['57014', null, 'query_timed_out'],
    ['42P01', null, 'schema_missing'],
    ['22P02', null, 'row_refused'],
    ['23514', null, 'row_refused'],
    ['54000', null, 'row_refused'],
    ['42601', null, 'query_failed'],
    ['53100', null, 'query_failed'],
  ])('ST-4: %s, a loss because of %s, told as %s', (code, cause, told) => {
    expect(classifyLoss(withCode(code))).toBe(cause);
    expect(classifyFailure(withCode(code)).code).toBe(told);
  });

  it.each([
    ['Connection terminated unexpectedly', 'unreachable'],
    ['Connection terminated due to connection timeout', 'silent'],
    ['timeout exceeded when trying to connect', 'silent'],
    ['Query read timeout', 'silent'],
    ['Client has encountered a connection error and is not queryable', 'unreachable'],
  ])('ST-4: the driver says "%s", a loss because of %s', (message, cause) => {
    expect(classifyLoss(new Error(message))).toBe(cause);
  });

  it('ST-4: several addresses that all refuse, a loss', () => {
    const failure = new AggregateError([withCode('ECONNREFUSED', 'connect ECONNREFUSED ::1:5432')], '');
    expect(classifyLoss(failure)).toBe('unreachable');
    expect(classifyFailure(failure).message).toContain('ECONNREFUSED');
  });

  it('ST-4: an error that is ours, as it is', () => {
    const own = new StoreError('cursor_invalid', 'x');
    expect(classifyFailure(own)).toBe(own);
  });
});
