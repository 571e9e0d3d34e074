/**
 * The engine on `ws`, sharing the process's HTTP server. `ws` does the handshake, reads the client's frames and
 * sends control frames; packets go straight to the socket, framed once for all clients. The two cannot
 * interleave: without compression `ws` hands every frame to the socket whole and synchronously, and so do we.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpHost, pathOf } from '@pulsewire/runtime';
import { type CloseCode, STREAM_PATH, STREAM_PATH_ALIAS } from '@pulsewire/shared-schema';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Connection, type Engine, type EngineHandler, TOO_BIG } from './engine.js';
import type { Admission, HandshakeRequest } from './handshake.js';
import type { Packet } from './packet.js';
import { sendRefusal, writeRefusal } from './refusal.js';

/** How long a peer may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 2000;

export function createWsEngine(options: { http: HttpHost; handler: EngineHandler }): Engine {
  const { http, handler } = options;
  const protocols = new WeakMap<IncomingMessage, string>();
  const serverOptions = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: TOO_BIG.bytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (_offered: Set<string>, request: IncomingMessage) => protocols.get(request) ?? false,
  };
  const server = new WebSocketServer(serverOptions);

  http.onUpgrade((request, socket, head) => {
    // A peer that resets the connection while it is being answered is no error of ours.
    socket.on('error', () => socket.destroy());
    const decision = handler.decide(requestOf(request, speaksHandshakes(request)));
    if (!decision.accept) return writeRefusal(socket, decision.refusal);
    const { admission } = decision;
    if (admission.protocol !== null) protocols.set(request, admission.protocol);
    server.handleUpgrade(request, socket, head, (ws) => serve(ws, socket, admission, handler));
  });
  for (const path of [STREAM_PATH, STREAM_PATH_ALIAS])
    http.get(path, (request, response) => {
      const decision = handler.decide(requestOf(request, false));
      if (!decision.accept) sendRefusal(response, decision.refusal);
    });
  return {
    async stop() {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(ws: WebSocket, socket: Duplex, admission: Admission, handler: EngineHandler): void {
  const connection = new WsConnection(ws, socket);
  const { onMessage, onPong, onClose } = handler.open(connection, admission);
  ws.on('message', (data, binary) => onMessage(data as Buffer, binary));
  ws.on('pong', (payload) => onPong(payload.toString('latin1')));
  ws.on('close', onClose);
  // A protocol error of the client: ws closes the connection with the fitting code by itself.
  ws.on('error', () => {});
}

/** A class, because ten thousand of them have one shape and one set of methods so. */
class WsConnection implements Connection {
  readonly dueBytes = 0;
  private readonly ws: WebSocket;
  private readonly socket: Duplex;

  constructor(ws: WebSocket, socket: Duplex) {
    this.ws = ws;
    this.socket = socket;
  }

  get isOpen(): boolean {
    const { ws, socket } = this;
    return ws.readyState === ws.OPEN && !socket.readableEnded && socket.writable;
  }

  get bufferedBytes(): number {
    return this.socket.writableLength;
  }

  write(packet: Packet): void {
    const { ws, socket } = this;
    if (ws.readyState === ws.OPEN && socket.writable) socket.write(packet.framed);
  }

  ping(payload: string): void {
    if (this.ws.readyState === this.ws.OPEN) this.ws.ping(payload);
  }

  close(code: CloseCode, reason: string): void {
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }
}

/** RFC 6455 §4.2.1. Node lets both be missing where something is upgraded. */
function speaksHandshakes({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host !== undefined;
}

function requestOf(request: IncomingMessage, isUpgrade: boolean): HandshakeRequest {
  return {
    method: request.method ?? 'GET',
    target: request.url ?? pathOf(request),
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    remoteAddress: request.socket.remoteAddress ?? 'unknown',
    isUpgrade,
  };
}
