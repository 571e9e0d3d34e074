/**
 * Whether a request is let in: pure. The checks come in a fixed order, so that the answer to one request does not
 * depend on luck: path, method, blocked address, key, what the key is for. Source: contracts.md §2 and §4.
 */
import type { ApiKey } from '@pulsewire/runtime';
import { TOPICS, type Topic } from '@pulsewire/shared-schema';
import { type Problem, refuse } from './problem.js';

export interface AdmissionRequest {
  method: string;
  /** What the route tells, by topics of the stream; `undefined` where there is no route. */
  topics: readonly Topic[] | undefined;
  /** Value of a request header, by lower-case name. */
  header(name: string): string | undefined;
}

export interface AdmissionFacts {
  /** Must take the same time for every key. */
  findKey(offered: string): ApiKey | undefined;
  /** Milliseconds for which this address is blocked for wrong keys; 0 when it is not. */
  blockedForMs: number;
}

export type Admission =
  | { ok: true; keyName: string }
  /** `failedKey`: a key was offered and is wrong. */
  | { ok: false; problem: Problem; failedKey: boolean };

export function decideAdmission(request: AdmissionRequest, facts: AdmissionFacts): Admission {
  const { method, topics, header } = request;
  if (topics === undefined) return reject(refuse('not_found', 'no such route'));
  if (method !== 'GET' && method !== 'HEAD')
    return reject(
      refuse('method_not_allowed', 'this route answers GET and HEAD', { headers: { allow: 'GET, HEAD' } }),
    );
  if (facts.blockedForMs > 0)
    return reject(
      refuse('too_many_failures', 'too many wrong keys from this address', {
        headers: { 'retry-after': String(Math.ceil(facts.blockedForMs / 1000)) },
      }),
    );
  const offered = offeredKey(header);
  const key = offered === undefined ? undefined : facts.findKey(offered);
  if (key === undefined) return refuseKey(offered !== undefined);
  const readable = key.topics ?? TOPICS;
  const missing = topics.filter((topic) => !readable.includes(topic));
  if (missing.length > 0) return reject(refuse('forbidden', `this key may not read ${missing.join(', ')}`));
  return { ok: true, keyName: key.name };
}

/** `X-API-KEY` counts before `Authorization: Bearer`; the other is then not looked at. */
function offeredKey(header: AdmissionRequest['header']): string | undefined {
  const key = header('x-api-key');
  if (key !== undefined && key !== '') return key;
  return /^bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1];
}

function refuseKey(wasOffered: boolean): Admission {
  const message = wasOffered
    ? 'this key is not known'
    : 'a key is needed: X-API-KEY or Authorization: Bearer';
  const headers = { 'www-authenticate': 'Bearer' };
  return { ...refuse('unauthorized', message, { headers }), failedKey: wasOffered };
}

function reject(refusal: { ok: false; problem: Problem }): Admission {
  return { ...refusal, failedKey: false };
}
