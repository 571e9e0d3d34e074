/**
 * Worker: many raw WebSocket clients that do nothing but take stamps and answer pings. Reads go into one shared buffer past Node's
 * streams, because a hundred ordinary sockets at 1,000 messages a second would need a core of their own.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createFrameScanner, type FrameScanner } from './frame-scan.js';
import { sharedNowMs } from './shared-clock.js';
import { answer } from './worker.js';

/** `socket.io`: says the word of its own that the server waits for after the upgrade. */
export type Dialect = 'plain' | 'socket.io';

export type ClientsQuestion =
  | { do: 'connect'; port: number; path: string; key: string; count: number; dialect?: Dialect }
  | { do: 'count' }
  /** A window begins. The delays of what came before the first one are forgotten. */
  | { do: 'mark' }
  /** Sums up what came since the last time, and each of the windows in it, and begins anew. */
  | { do: 'take' }
  | { do: 'disconnect' };
export interface Delays {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}
export interface ClientsAnswer extends Delays {
  received: number;
  /** Connections that ended before we ended them, since the last `take`. */
  lost: number;
  windows: Delays[];
}

/** Of delays. What comes beyond it is counted only. */
const CAPACITY = 2_000_000;
const HEAD_END = '\r\n\r\n';
const CONNECTING_AT_ONCE = 100;
/** `40`: Socket.IO's CONNECT to the main namespace, as a masked text frame with a mask of zeros. */
const SOCKET_IO_CONNECT = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]);
const STARTED_MS = sharedNowMs();
const latencies = new Float64Array(CAPACITY);
/**
 * Of each client, behind what it received first: an empty ping with a mask of zeros. From then on the kernel takes the
 * connection for a conversation and holds acknowledgements back. Only clients whose server pings them would be in that
 * state otherwise; it makes a client's reads cheaper, so that it sleeps and must be woken more often, and that is
 * charged to the server that writes: a quarter more for each message.
 */
const FIRST_WORD = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
/** A read is scanned before the next one begins, so that all sockets can read into the same memory. */
const buffer = Buffer.allocUnsafe(65_536);
let received = 0;
let lost = 0;
/** How many delays are kept. */
let kept = 0;
/** How many were kept when each window began. */
let marks: number[] = [];
let sockets: Socket[] = [];
/** One moment for all stamps of a read: they became readable together. */
let readAtMs = 0;

answer<ClientsQuestion, ClientsAnswer>(async (question) => {
  if (question.do === 'connect') sockets = await openClients(question);
  if (question.do === 'disconnect')
    for (const socket of sockets.splice(0)) socket.removeAllListeners('close').destroy();
  if (question.do === 'mark') {
    if (marks.length === 0) kept = 0;
    marks.push(kept);
  }
  if (question.do !== 'take') return { received, lost, p50Ms: 0, p99Ms: 0, maxMs: 0, windows: [] };
  const windows = marks.map((mark, index) => sumUp(mark, marks[index + 1]));
  const result = { ...sumUp(0), received, lost, windows };
  received = 0;
  lost = 0;
  kept = 0;
  marks = [];
  return result;
});

async function openClients(to: ClientsQuestion & { do: 'connect' }): Promise<Socket[]> {
  const opened: Socket[] = [];
  while (opened.length < to.count) {
    const batch = Math.min(CONNECTING_AT_ONCE, to.count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: batch }, () => openClient(to)))));
  }
  return opened;
}

function openClient(to: ClientsQuestion & { do: 'connect' }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const scan = createFrameScanner(noteStamp, (payload) => socket.write(renderPong(payload)));
    let head: string | null = '';
    let silent = true;
    const socket = connect({
      host: '127.0.0.1',
      port: to.port,
      onread: {
        buffer,
        callback(length) {
          readAtMs = sharedNowMs();
          if (head !== null) {
            head = readHead(head + buffer.toString('latin1', 0, length), scan, opened);
            return true;
          }
          scan(buffer, length);
          if (silent) socket.write(FIRST_WORD);
          silent = false;
          return true;
        },
      },
    });
    const opened = () => {
      if (to.dialect === 'socket.io') socket.write(SOCKET_IO_CONNECT);
      socket.once('close', () => {
        lost += 1;
      });
      resolve(socket);
    };
    socket.on('error', reject);
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

/** A masked frame, as clients must send; with a mask of zeros the payload stays as it is. */
function renderPong(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

function noteStamp(stampMs: number): void {
  // Alerts carry values, too: the gateway's own has a delay. A stamp is counted from the start of the machine.
  if (stampMs < STARTED_MS) return;
  if (kept < CAPACITY) {
    latencies[kept] = readAtMs - stampMs;
    kept += 1;
  }
  received += 1;
}

function sumUp(from: number, to = kept): Delays {
  const sorted = latencies.slice(from, to).sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) };
}
