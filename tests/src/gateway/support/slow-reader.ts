/** A client that reads steadily, but no more than so many bytes a second, and answers pings when it has read them. */
import { connect, type Socket } from 'node:net';
import { systemClock } from '@pulsewire/runtime';
import type { WireMessage } from '../../support/websocket.js';
import { clientFrame, handshakeText } from './raw.js';

export interface SlowReader {
  readonly messages: readonly WireMessage[];
  /** Close code that was read; 1006 when the connection ended without one, `null` while it is open. */
  readonly closeCode: number | null;
  send(message: unknown): void;
  /** Reads as fast as it can from now on. */
  hurry(): void;
  destroy(): void;
}

const READS_A_SECOND = 20;
const HEAD_END = '\r\n\r\n';
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 };

export function openSlowReader(port: number, target: string, bytesPerSecond: number): SlowReader {
  const messages: WireMessage[] = [];
  let closeCode: number | null = null;
  let rest = Buffer.alloc(0);
  let upgraded = false;
  // With a larger one, Node would read ahead.
  const options = { host: '127.0.0.1', port, highWaterMark: 1024 };
  const socket: Socket = connect(options, () => socket.write(handshakeText({}, target)));
  socket.pause();

  function take(bytes: Buffer): void {
    rest = Buffer.concat([rest, bytes]);
    if (!upgraded) {
      const end = rest.indexOf(HEAD_END);
      if (end === -1) return;
      upgraded = true;
      rest = rest.subarray(end + HEAD_END.length);
    }
    for (let used = takeFrame(rest); used > 0; used = takeFrame(rest)) rest = rest.subarray(used);
  }

  /** Returns the bytes of the frame, 0 when it is not whole. Frames of a server are unmasked, ours unfragmented. */
  function takeFrame(bytes: Buffer): number {
    if (bytes.length < 10 && bytes.length < 2 + ((bytes[1] ?? 127) < 126 ? (bytes[1] ?? 0) : 8)) return 0;
    const short = bytes[1] ?? 0;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUIntBE(4, 6);
    if (bytes.length < start + length) return 0;
    hear((bytes[0] ?? 0) & 0x0f, bytes.subarray(start, start + length));
    return start + length;
  }

  function hear(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text) messages.push(JSON.parse(payload.toString()) as WireMessage);
    if (opcode === OPCODE.close) closeCode = payload.readUInt16BE(0);
    if (opcode === OPCODE.ping) socket.write(clientFrame(payload, { opcode: OPCODE.pong }));
  }

  const stopReading = systemClock.every(1000 / READS_A_SECOND, () => {
    let left = Math.round(bytesPerSecond / READS_A_SECOND);
    while (left > 0) {
      const chunk = socket.read(Math.min(left, socket.readableLength)) as Buffer | null;
      if (chunk === null) return;
      left -= chunk.length;
      take(chunk);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    stopReading();
    closeCode ??= 1006;
  });
  return {
    messages,
    get closeCode() {
      return closeCode;
    },
    send: (message) => void socket.write(clientFrame(Buffer.from(JSON.stringify(message)))),
    hurry() {
      stopReading();
      socket.on('data', take);
      socket.resume();
    },
    destroy: () => void socket.destroy(),
  };
}
