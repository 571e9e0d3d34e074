/**
 * The stream as an AsyncAPI 3 document, derived from the schemas that also check the messages. It is written from
 * the gateway's side: what it *sends*, clients receive. Source: contracts.md §1, §2.
 */
import type { TSchema } from 'typebox';
import { BUS_EXAMPLES, CLIENT_EXAMPLES, EXAMPLE_ID, FEED_EXAMPLES } from './asyncapi-examples.js';
import { CLIENT_LIMITS, CLOSE_CODE_WORDS, REFUSAL_WORDS } from './asyncapi-words.js';
import { CLIENT_DATA_SCHEMAS, FEED_DATA_SCHEMAS } from './feed.js';
import { LIMITS } from './limits.js';
import { BUS_DATA_SCHEMAS, BUS_MESSAGE_TYPES } from './messages.js';
import { CHANNELS, STREAM_PATH, STREAM_PATH_ALIAS, STREAM_SUBPROTOCOL, TOPICS } from './names.js';
import { CHANNEL_OF, TOPIC_OF } from './series.js';
import { LOG_ID_PATTERN } from './words.js';

/** Where a gateway serves the document. */
export const ASYNCAPI_PATH = '/api/asyncapi.json';

type Json = Readonly<Record<string, unknown>>;
type Reference = { $ref: string };

export interface AsyncApiDocument {
  asyncapi: '3.0.0';
  info: Json;
  defaultContentType: string;
  servers: Json;
  channels: Readonly<Record<string, Json>>;
  operations: Readonly<Record<string, Json>>;
  components: { messages: Readonly<Record<string, Json>>; schemas: Json; securitySchemes: Json };
}

const FEED = 'feed';
const SECURITY = ['keyHeader', 'bearer', 'keySubprotocol', 'keyQuery'];
const GATEWAY_SENDS = [...BUS_MESSAGE_TYPES, ...Object.keys(FEED_DATA_SCHEMAS)];
const GATEWAY_TAKES = Object.keys(CLIENT_DATA_SCHEMAS);

/** `version` is that of the gateway. Plain JSON: nothing in it is shared with the schemas. */
export function deriveAsyncApi(version: string): AsyncApiDocument {
  const document: AsyncApiDocument = {
    asyncapi: '3.0.0',
    info: {
      title: 'Pulsewire stream',
      version,
      description:
        'Metrics, alerts, container and service states as they happen. Ignore what you do not know.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: deriveServers(),
    channels: { [FEED]: deriveFeed(), ...deriveBusChannels() },
    operations: deriveOperations(),
    components: {
      messages: {
        ...deriveMessages(BUS_DATA_SCHEMAS, BUS_EXAMPLES, EXAMPLE_ID),
        ...deriveMessages(FEED_DATA_SCHEMAS, FEED_EXAMPLES),
        ...deriveMessages(CLIENT_DATA_SCHEMAS, CLIENT_EXAMPLES),
      },
      schemas: { ...BUS_DATA_SCHEMAS, ...FEED_DATA_SCHEMAS, ...CLIENT_DATA_SCHEMAS },
      securitySchemes: deriveSecuritySchemes(),
    },
  };
  return JSON.parse(JSON.stringify(document)) as AsyncApiDocument;
}

function deriveServers(): Json {
  return {
    gateway: {
      host: '{host}',
      protocol: 'ws',
      description: 'A gateway, or the app. Use wss outside your own network.',
      variables: { host: { default: '127.0.0.1:8080', description: 'Host and port of the gateway' } },
      security: SECURITY.map((name) => ({ $ref: `#/components/securitySchemes/${name}` })),
    },
    redis: { host: '127.0.0.1:6379', protocol: 'redis', description: 'The bus behind the gateways.' },
  };
}

function deriveFeed(): Json {
  return {
    address: STREAM_PATH,
    title: 'The feed',
    description:
      `One JSON message per text frame, no compression; also at ${STREAM_PATH_ALIAS}. ` +
      `Order: hello, snapshot begin, its messages, snapshot end, then live. ` +
      'Refusals are HTTP responses with { error, message }: see x-refusals. How a connection ends: see x-close-codes.',
    servers: [{ $ref: '#/servers/gateway' }],
    messages: referencesByName([...GATEWAY_SENDS, ...GATEWAY_TAKES]),
    'x-refusals': REFUSAL_WORDS,
    'x-close-codes': CLOSE_CODE_WORDS,
    'x-client-limits': CLIENT_LIMITS,
    bindings: { ws: { method: 'GET', query: deriveQuery(), bindingVersion: '0.1.0' } },
  };
}

/** The selection, as the query string carries it. */
function deriveQuery(): Json {
  const list = (description: string) => ({ type: 'string', description: `${description}, comma-separated` });
  return {
    type: 'object',
    properties: {
      topics: list(`Some of ${TOPICS.join(', ')} (default: all but logs)`),
      metric_type: list('Only these samples'),
      host: list('Only messages about these hosts'),
      container: list('Only messages about these containers'),
      after: { type: 'string', pattern: LOG_ID_PATTERN, description: 'Resume behind this message' },
      rate: { type: 'integer', minimum: 1, description: 'At most so many messages a second' },
    },
  };
}

/** What a producer may publish for the gateways to forward. */
function deriveBusChannels(): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(CHANNELS).map(([name, address]) => [
      busChannel(name),
      {
        address,
        title: `Bus channel ${address}`,
        description: `A Redis Pub/Sub channel. At most ${LIMITS.maxPayloadBytes} bytes a message.`,
        servers: [{ $ref: '#/servers/redis' }],
        messages: referencesByName(typesOn(address)),
      },
    ]),
  );
}

function deriveOperations(): Record<string, Json> {
  const feed = { $ref: `#/channels/${FEED}` };
  const operations: Record<string, Json> = {
    sendToClient: { action: 'send', channel: feed, messages: inChannel(FEED, GATEWAY_SENDS) },
    answerPing: {
      action: 'receive',
      channel: feed,
      messages: inChannel(FEED, ['ping']),
      reply: { channel: feed, messages: inChannel(FEED, ['pong']) },
    },
    changeSelection: {
      action: 'receive',
      channel: feed,
      description: 'Replaces the whole selection; the snapshot of the new one follows.',
      messages: inChannel(FEED, ['subscribe']),
      reply: { channel: feed, messages: inChannel(FEED, ['snapshot']) },
    },
  };
  for (const [name, address] of Object.entries(CHANNELS))
    operations[`forward_${name}`] = {
      action: 'receive',
      channel: { $ref: `#/channels/${busChannel(name)}` },
      description: 'What is valid is forwarded byte for byte.',
      messages: inChannel(busChannel(name), typesOn(address)),
    };
  return operations;
}

function deriveMessages(
  schemas: Readonly<Record<string, TSchema>>,
  examples: Readonly<Record<string, object>>,
  id?: string,
): Record<string, Json> {
  const position = {
    id: {
      type: 'string',
      pattern: LOG_ID_PATTERN,
      description: 'Position in the log; absent on foreign messages',
    },
    redelivered: { type: 'boolean', description: 'Published again: an earlier attempt may have arrived' },
  };
  return Object.fromEntries(
    Object.keys(schemas).map((type) => [
      type,
      {
        name: type,
        payload: {
          type: 'object',
          required: ['type', 'data'],
          properties: {
            type: { const: type },
            data: { $ref: `#/components/schemas/${type}` },
            ...(id === undefined ? {} : position),
          },
        },
        examples: [
          { name: type, payload: { type, data: examples[type], ...(id === undefined ? {} : { id }) } },
        ],
      },
    ]),
  );
}

function deriveSecuritySchemes(): Json {
  return {
    keyHeader: { type: 'httpApiKey', in: 'header', name: 'X-API-KEY', description: 'For programs.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'For programs.' },
    keySubprotocol: {
      type: 'httpApiKey',
      in: 'header',
      name: 'Sec-WebSocket-Protocol',
      description: `For browsers: "${STREAM_SUBPROTOCOL}, key.<base64url of the key>".`,
    },
    keyQuery: { type: 'httpApiKey', in: 'query', name: 'api_key', description: 'Ends up in logs.' },
  };
}

const busChannel = (name: string) => `bus_${name}`;
const typesOn = (address: string) =>
  BUS_MESSAGE_TYPES.filter((type) => CHANNEL_OF[TOPIC_OF[type]] === address);
const inChannel = (channel: string, types: readonly string[]): Reference[] =>
  types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` }));
const referencesByName = (types: readonly string[]): Record<string, Reference> =>
  Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));
