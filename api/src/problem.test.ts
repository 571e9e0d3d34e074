import { StoreError } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { DOWN } from './fake-database.test-support.js';
import { databaseProblem, deriveBody, deriveStatus, problemOf, refuseFields } from './problem.js';

const UP = { status: 'up', sinceMs: 0, cause: null } as const;

describe('problems', () => {
  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
  ])('API-10: %s of the framework, is %i', (code, status) => {
    const problem = problemOf(Object.assign(new Error('x'), { code, statusCode: status }), UP);
    expect(problem === null ? null : deriveStatus(problem)).toBe(status);
  });

  it('API-11: several fields that are wrong, are all named', () => {
    const details = [
      { field: 'from', message: 'must be a time' },
      { field: 'points', message: 'must be a whole number' },
    ];
    expect(deriveBody(refuseFields(details).problem)).toEqual({
      error: 'bad_request',
      message: 'from: must be a time; points: must be a whole number',
      details,
    });
  });

  it('API-12: database down, the body tells since when and why', () => {
    expect(deriveBody(databaseProblem(DOWN))).toEqual({
      error: 'database_unavailable',
      message: 'the database does not answer since 1970-01-01T00:00:00.000Z: silent',
      since: '1970-01-01T00:00:00.000Z',
      cause: 'silent',
    });
  });

  it('API-13: no connection free while the database is up, is no outage', () => {
    const problem = problemOf(new StoreError('database_unavailable', 'x'), UP);
    expect(problem).toMatchObject({ code: 'query_timed_out', headers: { 'retry-after': '1' } });
  });

  it.each([
    ['query_timed_out', 'query_timed_out'],
    ['schema_missing', 'not_ready'],
  ] as const)('API-13: %s of the store, is %s with 503', (code, expected) => {
    const problem = problemOf(new StoreError(code, 'x'), UP);
    expect([problem?.code, problem && deriveStatus(problem)]).toEqual([expected, 503]);
  });

  it('API-14: anything else, is our own failure', () => {
    expect([problemOf(new TypeError('x'), UP), problemOf(new StoreError('query_failed', 'x'), UP)]).toEqual([
      null,
      null,
    ]);
  });
});
