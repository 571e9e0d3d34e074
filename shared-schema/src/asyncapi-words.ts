/**
 * What AsyncAPI has no place for: how a handshake is refused, how a connection ends, what a client may send. Stands
 * in the document as extensions (`x-…`). A code without words does not compile.
 */
import { LIMITS } from './limits.js';
import { CLOSE_CODES, HTTP_ERRORS, type HttpErrorCode, REFUSALS, type RefusalCode } from './names.js';

interface RefusalWords {
  status: number;
  error: string;
  description: string;
}

interface CloseCodeWords {
  code: number;
  description: string;
}

/** Those of ordinary routes that a handshake may get as well. */
type FeedRefusal = RefusalCode | Extract<HttpErrorCode, 'bad_request' | 'method_not_allowed'>;

const REFUSED: Record<FeedRefusal, string> = {
  bad_request: 'A query option is wrong; details names every one.',
  unauthorized: 'No key, or a wrong one: retrying is of no use.',
  forbidden_origin: 'The page is of an origin that is not allowed.',
  not_found: 'There is nothing at this path.',
  method_not_allowed: 'The feed is opened with GET.',
  upgrade_required: 'This was no WebSocket handshake; path, key and origin are right.',
  too_many_failures: 'Ten wrong keys from this address within a minute: wait Retry-After.',
  too_many_clients: 'Every place is taken: try again after Retry-After.',
  shutting_down: 'The gateway stops: try again after Retry-After.',
};

const CLOSED: Record<keyof typeof CLOSE_CODES, string> = {
  goingAway: 'The client has gone.',
  policy: 'The client broke a rule, such as a limit on what it may send: retry after 30 s.',
  tooBig: `A message of the client was above ${LIMITS.closingFrameBytes} bytes.`,
  serviceRestart: "The gateway restarts, or the key's topics changed: retry and resume.",
  tooSlow: 'The client reads too slowly: choose less; retry and resume.',
  keyRevoked: 'The key was revoked: get a new one.',
};

export const REFUSAL_WORDS: readonly RefusalWords[] = Object.entries(REFUSED).map(([error, description]) => ({
  status: { ...HTTP_ERRORS, ...REFUSALS }[error as FeedRefusal],
  error,
  description,
}));

export const CLOSE_CODE_WORDS: readonly CloseCodeWords[] = Object.entries(CLOSED).map(
  ([name, description]) => ({
    code: CLOSE_CODES[name as keyof typeof CLOSE_CODES],
    description,
  }),
);

export const CLIENT_LIMITS = {
  message_bytes: LIMITS.clientFrameBytes,
  messages_per_second: LIMITS.clientMessagesPerSecond,
  bad_messages_per_minute: LIMITS.badClientMessagesPerMinute,
} as const;
