/** Requests and responses of uWebSockets.js in the gateway's own words. */
import { STATUS_CODES } from 'node:http';
import type { HandshakeRequest } from './handshake.js';
import type { PlainAnswer } from './plain-answer.js';
import type { UwsRequest, UwsResponse } from './uws-module.js';

const MAPPED_PREFIX = '00000000000000000000ffff';

/** A copy, because the request itself is gone when its handler returns. */
export function requestOf(request: UwsRequest, response: UwsResponse): HandshakeRequest {
  const query = request.getQuery();
  const path = request.getUrl();
  const headers = new Map<string, string>();
  request.forEach((name, value) => {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  const header = (name: string) => headers.get(name);
  return {
    method: request.getCaseSensitiveMethod(),
    target: query === '' ? path : `${path}?${query}`,
    header,
    remoteAddress: addressOf(Buffer.from(response.getRemoteAddress())),
    isUpgrade:
      /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(header('connection') ?? '') &&
      header('upgrade')?.toLowerCase() === 'websocket',
  };
}

/** Sends the answer whole. `uWebSockets.js` adds `Content-Length`, and `Connection: close` to a final one. */
export function sendAnswer(response: UwsResponse, answer: PlainAnswer, method: string): void {
  response.writeStatus(`${answer.status} ${STATUS_CODES[answer.status] ?? 'Refused'}`);
  for (const [name, value] of Object.entries(answer.headers)) response.writeHeader(name, value);
  if (method !== 'HEAD') {
    response.end(answer.body, answer.final);
    return;
  }
  if (answer.final) response.writeHeader('connection', 'close');
  // Told a length, the library would wait for a body of that length, and end the process for want of it.
  response.writeHeader('content-length', String(Buffer.byteLength(answer.body))).endWithoutBody();
}

/** Sends an answer that takes a while, unless the peer has gone away meanwhile. */
export function sendLater(response: UwsResponse, answer: Promise<PlainAnswer>, method: string): void {
  let aborted = false;
  response.onAborted(() => {
    aborted = true;
  });
  void answer.then((ready) => {
    if (!aborted) response.cork(() => sendAnswer(response, ready, method));
  });
}

/** 4 or 16 bytes as text; an IPv4-mapped IPv6 address in the form in which Node writes it. */
export function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const hex = bytes.toString('hex');
  if (hex.startsWith(MAPPED_PREFIX)) return `::ffff:${[...bytes.subarray(12)].join('.')}`;
  const groups = hex.match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
