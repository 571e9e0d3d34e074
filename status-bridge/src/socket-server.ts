/**
 * The Socket.IO side, on the same HTTP server: who may connect, and what everybody is sent. Clients send nothing but
 * their token; whoever sends much, or does not read, is cut off (see `connection-guard.ts`).
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Clock } from '@pulsewire/runtime';
import {
  BRIDGE_EVENTS,
  BRIDGE_LIMITS,
  BRIDGE_PATHS,
  type HostRecoveredBody,
  type HostUnreachableBody,
  type StatusBody,
  type StatusNotReadyBody,
  type StreamedLogLine,
} from '@pulsewire/shared-schema';
import { Server, type Socket } from 'socket.io';
import { clientAddress } from './client-address.js';
import { guardConnections } from './connection-guard.js';
import { type Gate, isRefusal, mayReadLogs, mayReadStatus } from './gate.js';
import type { Refusal } from './refusal.js';
import type { Answer, HostAnnouncement } from './status-keeper.js';
import { guardUpgrades } from './upgrades.js';

interface BridgeToClient {
  [BRIDGE_EVENTS.metrics](body: StatusBody): void;
  [BRIDGE_EVENTS.logs](line: StreamedLogLine): void;
  [BRIDGE_EVENTS.unreachable](body: HostUnreachableBody): void;
  [BRIDGE_EVENTS.recovered](body: HostRecoveredBody): void;
  [BRIDGE_EVENTS.notReady](body: StatusNotReadyBody): void;
}
type Nothing = Record<string, never>;
type BridgeSocket = Socket<Nothing, BridgeToClient, Nothing, { rooms: Room[] }>;
type Room = 'status' | 'logs';

export interface SocketServer {
  readonly clients: number;
  readonly hasLogListeners: boolean;
  /** To everybody who may read it: the status, or why there is none; of an unreachable host everybody knows. */
  sendStatus(answer: Answer): void;
  sendLogLines(lines: readonly StreamedLogLine[]): void;
  announce(announcement: HostAnnouncement): void;
  /** Ends every connection; the HTTP server is its owner's business. */
  close(): void;
}

export interface SocketServerOptions {
  server: HttpServer;
  gate: Gate;
  clock: Clock;
  allowedOrigins: readonly string[];
  proxyHops: number;
  maxClients: number;
  /** What a client that has just connected is told. */
  current(): Promise<Answer>;
  onLogListener(): void;
  onCutOff(reason: 'flood' | 'slow'): void;
}

/** A token and its packet; nothing else is ever sent to us. */
const MAX_INCOMING_BYTES = 4096;
const CONNECT_TIMEOUT_MS = 5000;

export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { gate, maxClients } = options;
  const io = new Server<Nothing, BridgeToClient, Nothing, { rooms: Room[] }>(options.server, {
    path: BRIDGE_PATHS.socket,
    serveClient: false,
    maxHttpBufferSize: MAX_INCOMING_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // It would end only its own side of other connections, and a second later.
    destroyUpgrade: false,
    cors: { origin: [...options.allowedOrigins], methods: ['GET', 'POST'] },
  });
  guardUpgrades({ server: options.server, socketPath: BRIDGE_PATHS.socket });
  const addressOf = (request: IncomingMessage) =>
    clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for'], options.proxyHops);
  const endGuard = guardConnections({
    engine: io.engine,
    gate,
    clock: options.clock,
    // Those who have not shown a token yet have places of their own, for a few seconds.
    maxConnections: maxClients * 2,
    maxOfAddress: BRIDGE_LIMITS.socketsOfAddress,
    addressOf,
    onCutOff: options.onCutOff,
  });

  io.use((socket, next) => {
    const token: unknown = socket.handshake.auth['token'];
    const key = gate.admitKey(addressOf(socket.request), token);
    if (isRefusal(key)) return next(connectError(key));
    const rooms: Room[] = [];
    if (mayReadStatus(key)) rooms.push('status');
    if (mayReadLogs(key)) rooms.push('logs');
    if (rooms.length === 0) return next(connectError(gate.refuse('forbidden')));
    if (io.of('/').sockets.size >= maxClients) return next(connectError(gate.refuse('too_many_clients')));
    socket.data.rooms = rooms;
    return next();
  });

  io.on('connection', (socket) => {
    const { rooms } = socket.data;
    void socket.join(rooms);
    if (rooms.includes('logs')) options.onLogListener();
    if (rooms.includes('status')) void options.current().then((answer) => greet(socket, answer));
  });

  return {
    get clients() {
      return io.of('/').sockets.size;
    },
    get hasLogListeners() {
      return (io.of('/').adapter.rooms.get('logs')?.size ?? 0) > 0;
    },
    sendStatus(answer) {
      if (answer.kind === 'status') io.to('status').emit(BRIDGE_EVENTS.metrics, answer.body);
      if (isNotReady(answer)) io.to('status').emit(BRIDGE_EVENTS.notReady, notReadyBody(answer));
    },
    sendLogLines(lines) {
      for (const line of lines) io.to('logs').emit(BRIDGE_EVENTS.logs, line);
    },
    announce(announcement) {
      if (announcement.news === 'lost') io.to('status').emit(BRIDGE_EVENTS.unreachable, announcement.body);
      else io.to('status').emit(BRIDGE_EVENTS.recovered, announcement.body);
    },
    close() {
      endGuard();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

function greet(socket: BridgeSocket, answer: Answer): void {
  if (answer.kind === 'status') socket.emit(BRIDGE_EVENTS.metrics, answer.body);
  if (answer.kind === 'unreachable') socket.emit(BRIDGE_EVENTS.unreachable, answer.body);
  if (isNotReady(answer)) socket.emit(BRIDGE_EVENTS.notReady, notReadyBody(answer));
}

function isNotReady(answer: Answer): answer is Extract<Answer, { kind: 'refused' }> {
  return answer.kind === 'refused' && answer.code === 'not_ready';
}

function notReadyBody({ message }: { message: string }): StatusNotReadyBody {
  return { error: 'not_ready', message };
}

/** Clients find `data` in the error of their `connect_error`. */
function connectError({ code, message, retryAfterMs }: Refusal): Error {
  const data = { code, message, ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }) };
  return Object.assign(new Error(message), { data });
}
