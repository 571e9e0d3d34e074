/**
 * What the gateway answers to plain HTTP where it owns the server: health, metrics, and errors, exactly as the
 * HTTP host of the other processes does. Source: contracts.md §4.
 */
import type { Health, Logger } from '@pulsewire/runtime';
import { HTTP_ERRORS, type HttpErrorCode, LIMITS } from '@pulsewire/shared-schema';
import { ASYNCAPI_PATH, deriveAsyncApi } from '@pulsewire/shared-schema/asyncapi';
import type { Registry } from 'prom-client';
import type { Refusal } from './handshake.js';
import { gatewayVersion } from './version.js';

export interface PlainAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** True: the connection ends with the answer. */
  final: boolean;
}

export interface PlainFacts {
  health: Health;
  metrics: Registry;
  logger: Logger;
}

type Route = (facts: PlainFacts) => PlainAnswer | Promise<PlainAnswer>;

const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const ROUTES = new Map<string, Route>([
  ['/healthz', () => json(200, { status: 'alive' })],
  [
    '/readyz',
    ({ health }) => {
      const report = health.report();
      return json(report.ready ? 200 : 503, report);
    },
  ],
  ['/metrics', answerMetrics],
  // Made anew each time: few ever ask.
  [ASYNCAPI_PATH, () => json(200, deriveAsyncApi(gatewayVersion()))],
]);

/** The answer to a request that is not for the stream. Never rejects. */
export async function answerPlain(method: string, path: string, facts: PlainFacts): Promise<PlainAnswer> {
  const route = ROUTES.get(path);
  if (route === undefined) return error('not_found', 'no such route');
  if (!isRead(method)) return answerWrongMethod();
  try {
    return await route(facts);
  } catch (failure) {
    facts.logger.error({ err: failure, path }, 'request failed');
    return error('internal_error', 'the server could not answer; see its log');
  }
}

/** True for the methods that the stream's paths and the routes answer. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

export function answerWrongMethod(): PlainAnswer {
  const answer = error('method_not_allowed', 'this route answers GET and HEAD');
  return { ...answer, headers: { ...answer.headers, allow: 'GET, HEAD' } };
}

/** No route takes a body; one that is announced as too large is not waited for. `null`: it is not. */
export function answerTooLarge(contentLength: string | undefined): PlainAnswer | null {
  if (Number(contentLength ?? 0) <= LIMITS.bodyBytes) return null;
  const answer = error('body_too_large', `a body may have at most ${LIMITS.bodyBytes} bytes`);
  return { ...answer, final: true };
}

/** A refused handshake; it ends the connection. */
export function answerRefusal({ status, headers, body }: Refusal): PlainAnswer {
  const answer = json(status, body);
  return { ...answer, headers: { ...answer.headers, ...headers }, final: true };
}

async function answerMetrics({ metrics }: PlainFacts): Promise<PlainAnswer> {
  const body = await metrics.metrics();
  const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' };
  return { status: 200, headers, body, final: false };
}

function error(code: HttpErrorCode, message: string): PlainAnswer {
  return json(HTTP_ERRORS[code], { error: code, message });
}

function json(status: number, body: unknown): PlainAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body), final: false };
}
