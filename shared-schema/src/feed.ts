/**
 * Messages that exist only on the WebSocket feed: what the gateway says about itself, and what a client may
 * say. Source: contracts.md §2.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { TOPICS } from './names.js';
import { LOG_ID_PATTERN, TIME_PATTERN } from './words.js';

const Time = Type.String({ pattern: TIME_PATTERN });
const NonNegative = Type.Number({ minimum: 0 });

export const HelloData = Type.Object({
  client_id: Type.String(),
  server_time: Time,
  version: Type.String(),
  heartbeat_ms: Type.Integer({ minimum: 1 }),
  limits: Type.Object({
    messages_per_second: Type.Integer({ minimum: 1 }),
    max_payload_bytes: Type.Integer({ minimum: 1 }),
  }),
  resumed: Type.Enum(['complete', 'partial', 'none']),
  state: Type.Enum(['live', 'degraded']),
  /** What the selection covers, which the key may narrow: without it, what does not come may exist all the same. */
  topics: Type.Optional(Type.Array(Type.Enum([...TOPICS]))),
});

export const SnapshotData = Type.Object({ phase: Type.Enum(['begin', 'end']) });

/** `code` 503: the bus is down. `code` 400: a bad client message; `field` names what was wrong with it. */
export const ErrorData = Type.Object({
  code: Type.Integer(),
  message: Type.String(),
  time: Time,
  cause: Type.Optional(Type.String()),
  since: Type.Optional(Time),
  last_message_at: Type.Optional(Type.Union([Time, Type.Null()])),
  retry_after_ms: Type.Optional(NonNegative),
  field: Type.Optional(Type.String()),
});

/** The bus is back. `recovered`: messages of the outage that were delivered afterwards, as far as known. */
export const StatusData = Type.Object({
  code: Type.Integer(),
  message: Type.String(),
  since: Time,
  outage_ms: NonNegative,
  recovered: Type.Integer({ minimum: 0 }),
});

export const NoticeData = Type.Object({
  reason: Type.Enum(['conflated']),
  skipped: Type.Integer({ minimum: 0 }),
  window_ms: NonNegative,
});

export const PongData = Type.Object({ t: Type.Number(), server_time: Time });

export const FEED_DATA_SCHEMAS = {
  hello: HelloData,
  snapshot: SnapshotData,
  error: ErrorData,
  status: StatusData,
  notice: NoticeData,
  pong: PongData,
} as const satisfies Record<string, TSchema>;

export type FeedMessageType = keyof typeof FEED_DATA_SCHEMAS;
export type FeedMessage = {
  [T in FeedMessageType]: { type: T; data: Static<(typeof FEED_DATA_SCHEMAS)[T]> };
}[FeedMessageType];

/** A list may be given as an array or, as in the query string, as a comma-separated string. */
const NameList = Type.Union([
  Type.String({ minLength: 1, maxLength: 2048 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 256 }),
]);
const TopicList = Type.Union([
  Type.String({ minLength: 1, maxLength: 256 }),
  Type.Array(Type.Enum([...TOPICS]), { minItems: 1, maxItems: TOPICS.length }),
]);

export const PingData = Type.Object({ t: Type.Number() });
/** The query options of the handshake as fields; replaces the whole selection. */
export const SubscribeData = Type.Object({
  topics: Type.Optional(TopicList),
  metric_type: Type.Optional(NameList),
  host: Type.Optional(NameList),
  container: Type.Optional(NameList),
  after: Type.Optional(Type.String({ pattern: LOG_ID_PATTERN })),
  rate: Type.Optional(Type.Integer({ minimum: 1 })),
});

export const CLIENT_DATA_SCHEMAS = {
  ping: PingData,
  subscribe: SubscribeData,
} as const satisfies Record<string, TSchema>;

export type ClientMessageType = keyof typeof CLIENT_DATA_SCHEMAS;
export type ClientMessage = {
  [T in ClientMessageType]: { type: T; data: Static<(typeof CLIENT_DATA_SCHEMAS)[T]> };
}[ClientMessageType];
