import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { API_PREFIX, REST_ERRORS, REST_LIMITS, REST_PATHS, type RestRoute } from './rest.js';
import { findAnswerMistake } from './rest-answer.js';
import { parseQuery, readQueryTime } from './rest-query.js';

const ROUTES = Object.keys(REST_PATHS) as RestRoute[];

describe('routes of the history', () => {
  it('SS-70: paths, are those of the contract', () => {
    expect(Object.values(REST_PATHS)).toEqual([
      '/api/metrics/series',
      '/api/metrics',
      '/api/alerts',
      '/api/containers',
      '/api/containers/events',
      '/api/logs',
      '/api/admin/infra/status',
    ]);
    expect(Object.values(REST_PATHS).every((path) => path.startsWith(API_PREFIX))).toBe(true);
  });

  it('SS-71: errors, have the statuses of the contract', () => {
    expect(REST_ERRORS).toMatchObject({
      bad_request: 400,
      unauthorized: 401,
      forbidden: 403,
      not_found: 404,
      method_not_allowed: 405,
      body_too_large: 413,
      unsupported_media_type: 415,
      too_many_failures: 429,
      too_many_requests: 429,
      database_unavailable: 503,
    });
  });

  it('SS-72: the entry for browsers, loads names and nothing else', () => {
    const text = readFileSync(new URL('./rest.ts', import.meta.url), 'utf8');
    const loaded = [...text.matchAll(/^(import|export) (?!type)[^;]*from '([^']+)'/gm)].map(
      ([, , from]) => from,
    );
    expect(loaded).toEqual(['./names.js']);
  });
});

describe('queries', () => {
  it('SS-73: options that fit, are read; digits become numbers where a number is meant', () => {
    const raw = { metric_type: 'cpu', points: '300', container: '42', from: '2026-01-17T04:30:00Z' };
    expect(parseQuery('metrics', raw)).toEqual({ ok: true, query: { ...raw, points: 300 } });
  });

  it('SS-73: options that nobody knows, are ignored', () => {
    expect(parseQuery('alerts', { colour: 'red', __proto__: { state: 'x' } })).toEqual({
      ok: true,
      query: {},
    });
  });

  it('SS-74: options that do not fit, are all named with what they must be', () => {
    const raw = { metric_type: 'CPU!', points: 'many', from: 'yesterday', source: 'moon', host: '' };
    const result = parseQuery('metrics', raw);
    expect(result.ok ? [] : result.mistakes.map(({ field }) => field).sort()).toEqual([
      'from',
      'host',
      'metric_type',
      'points',
      'source',
    ]);
    expect(result).toMatchObject({
      mistakes: expect.arrayContaining([
        { field: 'source', message: 'must be one of host, container' },
        { field: 'points', message: 'must be a whole number' },
        { field: 'from', message: expect.stringContaining('must be a time in UTC') },
      ]),
    });
  });

  it('SS-74: an option that is given twice, is refused', () => {
    expect(parseQuery('logs', { service: ['a', 'b'] })).toEqual({
      ok: false,
      mistakes: [{ field: 'service', message: 'must be given once' }],
    });
  });

  it.each(['host', 'q', 'key', 'mount'])('SS-74: a %s with the character NUL, is refused', (field) => {
    const route = field === 'q' ? 'logs' : 'metrics';
    expect(parseQuery(route, { [field]: 'a\u0000' })).toEqual({
      ok: false,
      mistakes: [{ field, message: 'must not contain the character NUL' }],
    });
  });

  it.each([0, REST_LIMITS.rows + 1])('SS-74: a limit of %i, is refused', (limit) => {
    expect(parseQuery('alerts', { limit: String(limit) }).ok).toBe(false);
  });

  it('SS-75: any options, are read or refused and never throw', () => {
    const option = fc.oneof(fc.string(), fc.array(fc.string()), fc.anything());
    const name = fc.oneof(fc.constantFrom('from', 'to', 'limit', 'q', 'before', 'host'), fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...ROUTES), fc.dictionary(name, option), (route, raw) => {
        const result = parseQuery(route, raw);
        return result.ok || result.mistakes.length > 0;
      }),
    );
  });

  it.each([
    ['2026-01-17T04:30:00.250Z', 1_768_624_200_250],
    ['1768624200250', 1_768_624_200_250],
  ])('SS-76: the time %s, is read as milliseconds', (text, timeMs) => {
    expect([parseQuery('logs', { to: text }).ok, readQueryTime(text)]).toEqual([true, timeMs]);
  });
});

describe('answers', () => {
  it('SS-77: an answer that fits, has no mistake', () => {
    const body = { series: [], resolution_s: 60, gaps: [[1, 2]] };
    expect(findAnswerMistake('metrics', body)).toBeNull();
  });

  it('SS-77: an answer that does not fit, is told by its path', () => {
    const body = { series: [], resolution_s: 'fine', gaps: [] };
    expect(findAnswerMistake('metrics', body)).toBe('resolution_s: must be a number');
  });
});
