/**
 * Whether a handshake is let in: pure. The checks come in a fixed order, so that the answer to one request does
 * not depend on luck: path, method, blocked address, key, origin, upgrade headers, query options, capacity.
 * Source: contracts.md §2.
 */

import { type ApiKey, isOriginAllowed } from '@pulsewire/runtime';
import {
  HTTP_ERRORS,
  type HttpErrorCode,
  REFUSALS,
  type RefusalCode,
  STREAM_PATH,
  STREAM_PATH_ALIAS,
  STREAM_SUBPROTOCOL,
} from '@pulsewire/shared-schema';
import { offeredKey, offeredProtocols } from './credentials.js';
import { fieldsOfQuery, readSelection, type Selection } from './selection.js';

export interface HandshakeRequest {
  method: string;
  /** Path and query as the request line has them. */
  target: string;
  /** Value of a request header, by lower-case name. */
  header(name: string): string | undefined;
  remoteAddress: string;
  /** False for a plain request: nobody asked for an upgrade. */
  isUpgrade: boolean;
}

/** What the decision depends on besides the request. */
export interface HandshakeFacts {
  /** The key that was offered, if it is known. Must take the same time for every key. */
  findKey(offered: string): ApiKey | undefined;
  allowedOrigins: readonly string[];
  /** Milliseconds for which this address is blocked for wrong keys; 0 when it is not. */
  blockedForMs: number;
  clients: number;
  maxClients: number;
  shuttingDown: boolean;
}

/** What an accepted client comes in with. */
export interface Admission {
  keyName: string;
  selection: Selection;
  /** Log id to resume after, or `null`. */
  after: string | null;
  /** Subprotocol to answer with, or `null` when the client offered none that is spoken here. */
  protocol: string | null;
}

export type GatewayRefusalCode = RefusalCode | Extract<HttpErrorCode, 'bad_request' | 'method_not_allowed'>;

export interface Refusal {
  code: GatewayRefusalCode;
  status: number;
  headers: Record<string, string>;
  body: { error: GatewayRefusalCode; message: string; details?: { field: string; message: string }[] };
}

export type HandshakeDecision =
  | { accept: true; admission: Admission }
  /** `failedKey`: a key was offered and is wrong. */
  | { accept: false; refusal: Refusal; failedKey: boolean };

const RETRY_AFTER_FULL_S = 5;
const RETRY_AFTER_SHUTDOWN_S = 2;
const SUBPROTOCOLS = /^[!#$%&'*+\-.^_`|~\w]+([ \t]*,[ \t]*[!#$%&'*+\-.^_`|~\w]+)*$/;

export function decideHandshake(request: HandshakeRequest, facts: HandshakeFacts): HandshakeDecision {
  const { path, query } = splitTarget(request.target);
  if (path !== STREAM_PATH && path !== STREAM_PATH_ALIAS) return refuse('not_found', 'no such route');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse('method_not_allowed', 'the stream is opened with GET', { allow: 'GET, HEAD' });
  if (facts.blockedForMs > 0)
    return refuse('too_many_failures', 'too many wrong keys from this address', {
      'retry-after': String(Math.ceil(facts.blockedForMs / 1000)),
    });
  const offered = offeredKey({ query, header: request.header });
  const key = offered === undefined ? undefined : facts.findKey(offered);
  if (key === undefined) return refuseKey(offered !== undefined);
  if (!isOriginAllowed(request.header('origin'), request.header('host'), facts.allowedOrigins))
    return refuse('forbidden_origin', 'this origin may not connect; see ALLOWED_ORIGINS');
  const wrongHeader = findWrongUpgradeHeader(request);
  if (wrongHeader !== null)
    return refuse('upgrade_required', `this is a WebSocket endpoint: ${wrongHeader}`, {
      upgrade: 'websocket',
      'sec-websocket-version': '13',
    });
  return admit(request, query, key, facts);
}

function admit(
  request: HandshakeRequest,
  query: URLSearchParams,
  key: ApiKey,
  facts: HandshakeFacts,
): HandshakeDecision {
  const result = readSelection(fieldsOfQuery(query), key.topics);
  if (!result.ok) {
    const [{ field, message }] = result.mistakes;
    return refuse('bad_request', `${field}: ${message}`, {}, result.mistakes);
  }
  if (facts.shuttingDown)
    return refuse('shutting_down', 'the gateway is stopping; connect again', {
      'retry-after': String(RETRY_AFTER_SHUTDOWN_S),
    });
  if (facts.clients >= facts.maxClients)
    return refuse('too_many_clients', `the limit of ${facts.maxClients} clients is reached`, {
      'retry-after': String(RETRY_AFTER_FULL_S),
    });
  const speaksOurs = offeredProtocols(request.header('sec-websocket-protocol')).includes(STREAM_SUBPROTOCOL);
  const { selection, after } = result;
  const protocol = speaksOurs ? STREAM_SUBPROTOCOL : null;
  return { accept: true, admission: { keyName: key.name, selection, after, protocol } };
}

/** What keeps the request from being a WebSocket handshake (RFC 6455 §4.2.1), or `null`. */
function findWrongUpgradeHeader(request: HandshakeRequest): string | null {
  if (!request.isUpgrade || request.method !== 'GET') return 'an upgrade is required';
  if (request.header('upgrade')?.toLowerCase() !== 'websocket') return 'Upgrade must be websocket';
  if (!/^[+/0-9A-Za-z]{22}==$/.test(request.header('sec-websocket-key') ?? ''))
    return 'Sec-WebSocket-Key is missing or malformed';
  if (request.header('sec-websocket-version') !== '13') return 'Sec-WebSocket-Version must be 13';
  const protocols = request.header('sec-websocket-protocol');
  if (protocols === undefined) return null;
  const names = offeredProtocols(protocols);
  const wellFormed = SUBPROTOCOLS.test(protocols) && new Set(names).size === names.length;
  return wellFormed ? null : 'Sec-WebSocket-Protocol is malformed';
}

function refuseKey(failedKey: boolean): HandshakeDecision {
  const message = failedKey ? 'the API key is not valid' : 'an API key is required';
  return { ...refuse('unauthorized', message, { 'www-authenticate': 'Bearer' }), failedKey };
}

function refuse(
  code: GatewayRefusalCode,
  message: string,
  headers: Record<string, string> = {},
  details?: { field: string; message: string }[],
): HandshakeDecision & { accept: false } {
  const status = { ...HTTP_ERRORS, ...REFUSALS }[code];
  const body = { error: code, message, ...(details === undefined ? {} : { details }) };
  return { accept: false, refusal: { code, status, headers, body }, failedKey: false };
}

function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  return { path, query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)) };
}
