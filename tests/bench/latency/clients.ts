/**
 * Worker: many raw WebSocket clients that do nothing but take stamps. Reads go into one shared buffer past Node's
 * streams, because a hundred ordinary sockets at 1,000 messages a second would need a core of their own.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createFrameScanner, type FrameScanner } from './frame-scan.js';
import { sharedNowMs } from './shared-clock.js';
import { answer } from './worker.js';

export type ClientsQuestion =
  | { do: 'connect'; port: number; path: string; key: string; count: number }
  | { do: 'count' }
  /** Sums up what came since the last time, and begins anew. */
  | { do: 'take' }
  | { do: 'disconnect' };
export interface ClientsAnswer {
  received: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const CAPACITY = 2_000_000;
const HEAD_END = '\r\n\r\n';
const latencies = new Float64Array(CAPACITY);
let received = 0;
let sockets: Socket[] = [];
/** One moment for all stamps of a read: they became readable together. */
let readAtMs = 0;

answer<ClientsQuestion, ClientsAnswer>(async (question) => {
  if (question.do === 'connect') {
    const connecting = Array.from({ length: question.count }, () => openClient(question));
    sockets = await Promise.all(connecting);
  }
  if (question.do === 'disconnect') for (const socket of sockets.splice(0)) socket.destroy();
  const result = question.do === 'take' ? sumUp() : { received, p50Ms: 0, p99Ms: 0, maxMs: 0 };
  if (question.do === 'take') received = 0;
  return result;
});

function openClient(to: { port: number; path: string; key: string }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafe(65_536);
    const scan = createFrameScanner(noteStamp);
    let head: string | null = '';
    const socket = connect({
      host: '127.0.0.1',
      port: to.port,
      onread: {
        buffer,
        callback(length) {
          readAtMs = sharedNowMs();
          if (head === null) scan(buffer, length);
          else head = readHead(head + buffer.toString('latin1', 0, length), scan, () => resolve(socket));
          return true;
        },
      },
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('a client was refused')));
    socket.write(
      `GET ${to.path} HTTP/1.1\r\nHost: 127.0.0.1:${to.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `X-API-KEY: ${to.key}${HEAD_END}`,
    );
  });
}

/** The rest of the answer's head so far, or `null` when it is over; frames right behind it are scanned. */
function readHead(text: string, scan: FrameScanner, onUpgraded: () => void): string | null {
  const end = text.indexOf(HEAD_END);
  if (end === -1) return text;
  if (!text.startsWith('HTTP/1.1 101')) throw new Error(`refused: ${text.slice(0, 200)}`);
  onUpgraded();
  const frames = Buffer.from(text.slice(end + HEAD_END.length), 'latin1');
  scan(frames, frames.length);
  return null;
}

function noteStamp(stampMs: number): void {
  if (received < CAPACITY) latencies[received] = readAtMs - stampMs;
  received += 1;
}

function sumUp(): ClientsAnswer {
  const sorted = latencies.slice(0, Math.min(received, CAPACITY)).sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { received, p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) };
}
