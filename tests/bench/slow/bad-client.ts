/**
 * A client that reads less than it is sent: raw TCP, taking a given number of bytes a second, or none. What it takes it
 * handles at once: it answers pings as every client must, and notes how old each message is by then. What the kernel
 * holds for it is read in the end, so that it can be told what the gateway had for it.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { systemClock } from '@pulsewire/runtime';
import { createServerStream, OPCODE } from '../../src/support/server-stream.js';
import { pause } from '../../src/support/within.js';
import { sharedNowMs } from '../load/shared-clock.js';

/** A message that was read at the client's own pace. */
export interface Read {
  readMs: number;
  ageMs: number;
  /** Of an alert; `null` of a sample. */
  number: number | null;
}

export interface Heard {
  /** Numbers of all alerts, in the end. */
  alerts: number[];
  notices: number;
  samples: number;
  /** The gateway ended the connection before the client caught up. */
  wasEnded: boolean;
  /** What was read before it caught up, oldest first, but for the snapshot. */
  reads: Read[];
  /** Notices among that. */
  noticesInTime: number;
}

export interface BadClient {
  /** Reads as fast as it can from now on, for a few seconds or until the connection has ended. */
  catchUp(): Promise<Heard>;
  destroy(): void;
}

const READS_A_SECOND = 20;
const CATCH_UP_MS = 3500;
const CATCH_UP_BYTES = 65_536;
const PONG = 0x8a;
const VALUE = /"value":([\d.]+)/;

export function openBadClient(
  to: { port: number; path: string; key: string },
  bytesPerSecond: number,
): BadClient {
  const heard: Heard = { alerts: [], notices: 0, samples: 0, wasEnded: false, reads: [], noticesInTime: 0 };
  let live = false;
  let hurries = false;
  const take = createServerStream(hear);
  const sip = Buffer.alloc(Math.max(1, Math.round(bytesPerSecond / READS_A_SECOND)));
  const gulp = Buffer.alloc(CATCH_UP_BYTES);
  const socket = connect({
    host: '127.0.0.1',
    port: to.port,
    noDelay: true,
    // Past Node's streams, which read 64 kB ahead of who takes little.
    onread: {
      buffer: () => (hurries ? gulp : sip),
      callback(length, buffer) {
        take(Buffer.from(buffer.subarray(0, length)));
        return hurries;
      },
    },
  });

  function hear(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text) note(payload.toString());
    if (opcode === OPCODE.close) heard.wasEnded = true;
    // With a mask of zeros the payload stays as it is.
    if (opcode === OPCODE.ping && payload.length < 126)
      socket.write(Buffer.concat([Buffer.from([PONG, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }

  function note(text: string): void {
    if (text.startsWith('{"type":"system_metric"')) {
      heard.samples += 1;
      noteAge(text, null);
    } else if (text.startsWith('{"type":"notice"')) {
      heard.notices += 1;
      if (!hurries) heard.noticesInTime += 1;
    } else if (text.startsWith('{"type":"alert"')) {
      const number = Number((JSON.parse(text) as { data: { message: string } }).data.message);
      heard.alerts.push(number);
      noteAge(text, number);
    } else if (text.startsWith('{"type":"snapshot"')) live = text.includes('"end"');
  }

  function noteAge(text: string, number: number | null): void {
    const [, stamp] = VALUE.exec(text) ?? [];
    if (!live || hurries || stamp === undefined) return;
    const readMs = sharedNowMs();
    heard.reads.push({ readMs, ageMs: readMs - Number(stamp), number });
  }

  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.pause();
  socket.write(
    `GET ${to.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      `X-API-KEY: ${to.key}\r\n\r\n`,
  );
  const stopReading =
    bytesPerSecond === 0 ? () => {} : systemClock.every(1000 / READS_A_SECOND, () => void socket.resume());
  return {
    async catchUp() {
      stopReading();
      hurries = true;
      socket.resume();
      // Of what waits in the kernel a close frame is the last; a reset leaves none.
      await Promise.race([closed, pause(CATCH_UP_MS)]);
      heard.wasEnded ||= socket.destroyed;
      return heard;
    },
    destroy: () => void socket.destroy(),
  };
}
