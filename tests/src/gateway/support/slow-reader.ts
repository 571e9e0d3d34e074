/** A client that reads steadily, but no more than so many bytes a second, and answers pings when it has read them. */
import { connect, type Socket } from 'node:net';
import { systemClock } from '@pulsewire/runtime';
import { createServerStream, OPCODE } from '../../support/server-stream.js';
import type { WireMessage } from '../../support/websocket.js';
import { clientFrame, handshakeText } from './raw.js';

export interface SlowReader {
  readonly messages: readonly WireMessage[];
  /** Close code that was read; 1006 when the connection ended without one, `null` while it is open. */
  readonly closeCode: number | null;
  readonly readBytes: number;
  send(message: unknown): void;
  /** Reads as fast as it can from now on. */
  hurry(): void;
  destroy(): void;
}

const READS_A_SECOND = 20;

export function openSlowReader(port: number, target: string, bytesPerSecond: number): SlowReader {
  const messages: WireMessage[] = [];
  let closeCode: number | null = null;
  let readBytes = 0;
  const stream = createServerStream(hear);
  // With a larger one, Node would read ahead.
  const options = { host: '127.0.0.1', port, highWaterMark: 1024 };
  const socket: Socket = connect(options, () => socket.write(handshakeText({}, target)));
  socket.pause();

  function take(bytes: Buffer): void {
    readBytes += bytes.length;
    stream(bytes);
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
    get readBytes() {
      return readBytes;
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
