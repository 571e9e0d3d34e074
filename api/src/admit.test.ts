import { findApiKey, parseApiKeys } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { type AdmissionRequest, decideAdmission } from './admit.js';

const KEY = 'a-key-that-reads-all';
const METRICS_KEY = 'a-key-for-metrics-only';
const KEYS = parseApiKeys(`all:${KEY},some:${METRICS_KEY}:topics=metrics`);

function decide(
  headers: Record<string, string>,
  request: Partial<AdmissionRequest> = {},
  blockedForMs = 0,
): string {
  const admission = decideAdmission(
    { method: 'GET', topics: ['metrics'], header: (name) => headers[name], ...request },
    { findKey: (offered) => findApiKey(KEYS, offered), blockedForMs },
  );
  return admission.ok ? admission.keyName : `${admission.problem.code} ${admission.failedKey}`;
}

describe('letting in', () => {
  it.each([
    ['unknown path', {}, { topics: undefined, method: 'POST' }, 1, 'not_found false'],
    ['wrong method', {}, { method: 'DELETE' }, 1, 'method_not_allowed false'],
    ['blocked address', { 'x-api-key': KEY }, {}, 1, 'too_many_failures false'],
    ['no key', {}, { topics: ['logs'] as const }, 0, 'unauthorized false'],
    ['wrong key', { 'x-api-key': 'wrong' }, { topics: ['logs'] as const }, 0, 'unauthorized true'],
    [
      'key for something else',
      { 'x-api-key': METRICS_KEY },
      { topics: ['logs'] as const },
      0,
      'forbidden false',
    ],
    ['good key', { 'x-api-key': KEY }, {}, 0, 'all'],
  ])('API-1: %s, is what the answer tells', (_what, headers, request, blockedForMs, expected) => {
    expect(decide(headers as Record<string, string>, request, blockedForMs)).toBe(expected);
  });

  it.each([
    ['X-API-KEY', { 'x-api-key': KEY }, 'all'],
    ['Bearer', { authorization: `bearer ${KEY}` }, 'all'],
    ['X-API-KEY before Bearer', { 'x-api-key': METRICS_KEY, authorization: `Bearer ${KEY}` }, 'some'],
    ['Basic', { authorization: `Basic ${KEY}` }, 'unauthorized false'],
    ['an empty key', { 'x-api-key': '' }, 'unauthorized false'],
  ])('API-2: %s, is taken for what it is', (_what, headers, expected) => {
    expect(decide(headers as Record<string, string>)).toBe(expected);
  });

  it('API-4: key for some topics, reads these and no route that tells others as well', () => {
    const headers = { 'x-api-key': METRICS_KEY };
    expect([decide(headers), decide(headers, { topics: ['metrics', 'containers'] })]).toEqual([
      'some',
      'forbidden false',
    ]);
  });
});
