/** Raw TCP towards the gateway, for what no client library would send. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { STREAM_PATH } from '@pulsewire/shared-schema';
import { within } from '../../support/within.js';
import { KEY } from './gateway.js';

/** The lines of a good handshake, each of which a test may replace; `undefined` leaves one out. */
export function handshakeText(change: Record<string, string | undefined> = {}, target?: string): string {
  const headers: Record<string, string | undefined> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    'X-API-KEY': KEY,
    ...change,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return [`GET ${target ?? STREAM_PATH} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** Sends the text and resolves with everything that comes back until the server ends the connection. */
export function answerTo(port: number, text: string | Buffer): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(received));
  });
  return within(answer, 10_000, 'the end of the answer');
}

/** A connection after a good handshake, with nothing but bytes. Resolves once the first frame has come. */
export function openRaw(port: number, target?: string): Promise<Socket> {
  const opened = new Promise<Socket>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(handshakeText({}, target)));
    socket.once('error', reject);
    socket.once('data', () => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
  return within(opened, 10_000, 'the answer to a raw handshake');
}

/** A client frame (RFC 6455 §5.2), masked unless asked otherwise; any opcode and flags. */
export function clientFrame(
  payload: Buffer,
  options: { opcode?: number; final?: boolean; reserved?: number; masked?: boolean } = {},
): Buffer {
  const { opcode = 1, final = true, reserved = 0, masked = true } = options;
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  const size = payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127;
  const head = Buffer.alloc(size < 126 ? 2 : size === 126 ? 4 : 10);
  head[0] = first;
  head[1] = (masked ? 0x80 : 0) | size;
  if (size === 126) head.writeUInt16BE(payload.length, 2);
  if (size === 127) head.writeBigUInt64BE(BigInt(payload.length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
