/** Names on the wire: channels, paths, topics, close codes, error codes. Written here and nowhere else. */

export const CHANNELS = {
  metrics: 'system:metrics',
  events: 'system:events',
  logs: 'system:logs',
} as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

/**
 * What the bus adds to a channel's name in Redis: `<channel>:log` is a stream whose entries hold the payload in
 * one field, `<channel>:producer:<id>` the last sequence number taken from a producer, and
 * `system:canary:<instance>` the channel on which a subscriber listens for its own probes. In a Redis Cluster the
 * channel's name stands in braces in these, and the last one is `{<channel>}:canary:<instance>`.
 */
export const BUS_NAMES = {
  logSuffix: ':log',
  logField: 'm',
  producerInfix: ':producer:',
  canaryPrefix: 'system:canary:',
  canaryInfix: ':canary:',
} as const;

export const STREAM_PATH = '/api/system/ws';
export const STREAM_PATH_ALIAS = '/ws/system';
/** First member of the subprotocol pair; the second is {@link KEY_SUBPROTOCOL_PREFIX} + base64url(key). */
export const STREAM_SUBPROTOCOL = 'pulsewire.v1';
export const KEY_SUBPROTOCOL_PREFIX = 'key.';

/** Pages of the dashboard: whoever serves it answers all of them with the same document. */
export const PAGE_PATHS = {
  dashboard: '/',
  history: '/history',
  logs: '/logs',
  infrastructure: '/infrastructure',
} as const;
export type PageName = keyof typeof PAGE_PATHS;

export const TOPICS = ['metrics', 'alerts', 'containers', 'databases', 'events', 'logs'] as const;
export type Topic = (typeof TOPICS)[number];
/** What a client receives that names no topics: everything but logs. */
export const DEFAULT_TOPICS: readonly Topic[] = ['metrics', 'alerts', 'containers', 'databases', 'events'];

/** WebSocket close codes that the gateway uses. */
export const CLOSE_CODES = {
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  serviceRestart: 1012,
  tooSlow: 1013,
  keyRevoked: 4401,
} as const;
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];

/** Refusals before the upgrade: code → HTTP status. */
export const REFUSALS = {
  unauthorized: 401,
  forbidden_origin: 403,
  not_found: 404,
  upgrade_required: 426,
  too_many_failures: 429,
  too_many_clients: 503,
  shutting_down: 503,
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** Errors of ordinary HTTP routes: code → HTTP status. */
export const HTTP_ERRORS = {
  bad_request: 400,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
  not_ready: 503,
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Why a stream message was refused by {@link ParseResult}. */
export const PARSE_ERRORS = [
  'too_large',
  'not_utf8',
  'not_json',
  'not_an_object',
  'unknown_type',
  'invalid_field',
] as const;
export type ParseErrorCode = (typeof PARSE_ERRORS)[number];

/** `cause` of the 503 packet. */
export const OUTAGE_CAUSE = 'redis_unavailable';
