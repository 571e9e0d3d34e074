/** A refused handshake as an HTTP response: written to a socket that asked for an upgrade, or as a plain answer. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from './handshake.js';

/** Answers an upgrade request, and ends the connection once the answer is out. */
export function writeRefusal(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify(refusal.body);
  const lines = Object.entries(headersOf(refusal, body)).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Refused'}`;
  socket.once('finish', () => socket.destroy());
  socket.end(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

/** Answers a plain request on the stream's path. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const body = JSON.stringify(refusal.body);
  response.writeHead(refusal.status, headersOf(refusal, body));
  response.end(body);
}

function headersOf(refusal: Refusal, body: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...refusal.headers,
  };
}
