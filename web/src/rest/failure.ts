/**
 * Why a question to the server has no answer. An outage of the database, a server that cannot be reached, and a
 * server that keeps no history are different things, and none of them is "no data". Epoch milliseconds.
 */
import type { RestErrorCode } from '@pulsewire/shared-schema/rest';

export type RestFailure =
  /** The server answers, and says that it cannot: its database is gone, or it is busy. */
  | { readonly kind: 'outage'; readonly code: string; readonly sinceMs: number | null }
  /** No answer at all. */
  | { readonly kind: 'unreachable' }
  /** The database did not finish in time: the question was too much, or it is about to be gone. */
  | { readonly kind: 'too_wide' }
  /** The key may not read this. */
  | { readonly kind: 'refused' }
  /** Too many questions; `retryAfterMs` as the server asks for. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** This server has no such route: it keeps no history. */
  | { readonly kind: 'absent' }
  /** The question was wrong: the server's own words. */
  | { readonly kind: 'rejected'; readonly message: string }
  /** The server failed, or answered something that cannot be read. */
  | { readonly kind: 'broken' };
export type RestFailureKind = RestFailure['kind'];

/** Whether asking again later can help. */
export const CAN_RECOVER: Record<RestFailureKind, boolean> = {
  outage: true,
  unreachable: true,
  too_wide: true,
  refused: false,
  throttled: true,
  absent: false,
  rejected: false,
  broken: true,
};

const ABSENT: RestErrorCode = 'not_found';
const TOO_WIDE: RestErrorCode = 'query_timed_out';
const LONGEST_RETRY_AFTER_S = 300;

/** From status, body and `Retry-After` of an answer that is not 2xx. Never throws, whatever the body. */
export function deriveFailure(status: number, body: unknown, retryAfter: string | null): RestFailure {
  const code = text(body, 'error');
  if (status === 401 || status === 403) return { kind: 'refused' };
  if (status === 429) return { kind: 'throttled', retryAfterMs: deriveRetryMs(retryAfter) };
  if (status === 503 && code === TOO_WIDE) return { kind: 'too_wide' };
  if (status === 503) return { kind: 'outage', code, sinceMs: epochMs(text(body, 'since')) };
  if (status === 404 && (code === '' || code === ABSENT)) return { kind: 'absent' };
  if (status >= 400 && status < 500) return { kind: 'rejected', message: text(body, 'message') };
  return { kind: 'broken' };
}

function deriveRetryMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? '1');
  return (Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), LONGEST_RETRY_AFTER_S) : 1) * 1000;
}

function text(body: unknown, field: string): string {
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : '';
}

function epochMs(time: string): number | null {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? null : parsed;
}
