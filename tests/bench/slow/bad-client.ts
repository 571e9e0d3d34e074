/**
 * A client that reads less than it is sent: raw TCP, taking a given number of bytes a second, or none. What the
 * kernel holds for it is read in the end, so that it can be told what the gateway had for it.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { systemClock } from '@pulsewire/runtime';
import { pause } from '../../src/support/within.js';

export interface Heard {
  alerts: number[];
  notices: number;
  samples: number;
  /** Close code, 0 when the connection is open or ended without one. */
  closeCode: number;
}

export interface BadClient {
  /** Reads as fast as it can from now on, for a few seconds or until the connection has ended. */
  catchUp(): Promise<Heard>;
  destroy(): void;
}

const HEAD_END = '\r\n\r\n';
const READS_A_SECOND = 2;
const CATCH_UP_MS = 3500;

export function openBadClient(
  to: { port: number; path: string; key: string },
  bytesPerSecond: number,
): BadClient {
  const socket = connect({ host: '127.0.0.1', port: to.port, noDelay: true });
  const chunks: Buffer[] = [];
  const take = (length: number) => {
    const chunk = socket.read(Math.min(length, socket.readableLength)) as Buffer | null;
    if (chunk !== null) chunks.push(chunk);
  };
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.pause();
  socket.write(
    `GET ${to.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      `X-API-KEY: ${to.key}${HEAD_END}`,
  );
  const stopReading =
    bytesPerSecond === 0
      ? () => {}
      : systemClock.every(1000 / READS_A_SECOND, () => take(Math.round(bytesPerSecond / READS_A_SECOND)));
  return {
    async catchUp() {
      stopReading();
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.resume();
      await Promise.race([closed, pause(CATCH_UP_MS)]);
      return readAll(Buffer.concat(chunks));
    },
    destroy: () => void socket.destroy(),
  };
}

/** Server frames are unmasked; those of the gateway are never fragmented. */
function readAll(bytes: Buffer): Heard {
  const heard: Heard = { alerts: [], notices: 0, samples: 0, closeCode: 0 };
  let at = bytes.indexOf(HEAD_END) + HEAD_END.length;
  while (at + 4 <= bytes.length) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = bytes[at + 1] ?? 0;
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (start > bytes.length) break;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUIntBE(at + 4, 6);
    if (start + length > bytes.length) break;
    if (opcode === 1) note(bytes.toString('utf8', start, start + length), heard);
    if (opcode === 8 && length >= 2) heard.closeCode = bytes.readUInt16BE(start);
    at = start + length;
  }
  return heard;
}

function note(text: string, heard: Heard): void {
  if (text.startsWith('{"type":"system_metric"')) heard.samples += 1;
  else if (text.startsWith('{"type":"notice"')) heard.notices += 1;
  else if (text.startsWith('{"type":"alert"'))
    heard.alerts.push(Number((JSON.parse(text) as { data: { message: string } }).data.message));
}
