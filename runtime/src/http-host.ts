/**
 * The one HTTP server of a process: exact routes, health and metrics, JSON errors, WebSocket upgrades, and at
 * last a fallback (the dashboard's files). Bodies are not read here; the API has its own server for that.
 */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HTTP_ERRORS, type HttpErrorCode, LIMITS } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import type { Health } from './health.js';
import type { Stoppable } from './lifecycle.js';
import { explainListenFailure } from './listen-failure.js';
import type { Logger } from './logger.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpHost extends Stoppable {
  /** Answers `GET` (and `HEAD`) on one exact path. Other methods there are answered 405. */
  get(path: string, handler: RequestHandler): void;
  /**
   * Takes every WebSocket upgrade of the server, whatever its path. One handler only. Offers of other protocols
   * (HTTP/2 in clear text, say) are declined by answering the request as it is.
   */
  onUpgrade(handler: UpgradeHandler): void;
  /** Answers what no route does. Without one, that is 404. */
  fallback(handler: RequestHandler): void;
  /** Starts listening. Rejects with `address_in_use` or `address_unusable`. */
  listen(): Promise<{ host: string; port: number }>;
}

export interface HttpHostOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  logger: Logger;
  health: Health;
  metrics: Registry;
}

/** A peer that sends its request slower than this holds a socket for nothing, and is cut off (milliseconds). */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2000 };
/** The same of a peer that takes nothing of its answer, at the latest after twice that. Longer than answers take. */
const READ_PATIENCE_MS = 15_000;

export function createHttpHost(options: HttpHostOptions): HttpHost {
  const routes = new Map<string, RequestHandler>();
  let fallback: RequestHandler = (_request, response) =>
    sendHttpError(response, 'not_found', 'no such route');
  const answering = countAnswers();
  const server = createServer(PATIENCE, (request, response) => {
    answering.begin(request, response);
    limitBody(request, response);
    const handler = pick(routes, fallback, request);
    Promise.resolve()
      .then(() => response.writableEnded || handler(request, response))
      .catch((error: unknown) => {
        if (response.writableEnded) return;
        options.logger.error({ err: error, path: pathOf(request) }, 'request failed');
        if (response.headersSent) response.destroy();
        else sendHttpError(response, 'internal_error', 'the server could not answer; see its log');
      });
  });
  server.timeout = READ_PATIENCE_MS;
  // Node would leave out those beyond 2,000, which may be what a proxy appended. Their size is limited anyway.
  server.maxHeadersCount = 0;
  server.on('clientError', (_error, socket) => answerUnreadable(socket as Socket));
  const sockets = trackSockets(server);
  addHealthRoutes(routes, options.health, options.metrics);
  return {
    get: (path, handler) => routes.set(path, handler),
    onUpgrade(handler) {
      server.on('upgrade', (request, socket, head) => {
        // A socket that breaks before the handler listens would end the process.
        socket.on('error', () => {});
        // Its answer would come before the one that is due, or mix with it: nobody may ask this soon.
        if (answering.isDue(socket)) socket.destroy();
        else if (request.headers.upgrade?.toLowerCase() === 'websocket') handler(request, socket, head);
        else answerWithoutUpgrade(server, request, socket as Socket);
      });
    },
    fallback(handler) {
      fallback = handler;
    },
    listen: () => listen(server, options),
    stop: () => close(server, sockets),
  };
}

/** Sends `{ error, message }` with the status that belongs to the code. */
export function sendHttpError(response: ServerResponse, code: HttpErrorCode, message: string): void {
  sendJson(response, HTTP_ERRORS[code], { error: code, message });
}

/** Sends a JSON body that no cache keeps. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/** The path of a request without its query, which may carry a key. */
export function pathOf(request: { url?: string | undefined }): string {
  const url = request.url ?? '/';
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

function pick(routes: Map<string, RequestHandler>, fallback: RequestHandler, request: IncomingMessage) {
  const handler = routes.get(pathOf(request));
  if (handler === undefined) return fallback;
  if (request.method === 'GET' || request.method === 'HEAD') return handler;
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('allow', 'GET, HEAD');
    sendHttpError(response, 'method_not_allowed', 'this route answers GET and HEAD');
  };
}

/**
 * No route takes a body. One that is announced as too large is refused; any other is thrown away, up to that size.
 * Node would throw it away without end.
 */
function limitBody(request: IncomingMessage, response: ServerResponse): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > LIMITS.bodyBytes) {
    response.once('finish', () => request.socket.destroySoon());
    response.setHeader('connection', 'close');
    sendHttpError(response, 'body_too_large', `a body may have at most ${LIMITS.bodyBytes} bytes`);
    return;
  }
  if (announced === 0 && request.headers['transfer-encoding'] === undefined) return;
  let bytesLeft = LIMITS.bodyBytes;
  request.on('data', (chunk: Buffer) => {
    const wasAllowed = bytesLeft >= 0;
    bytesLeft -= chunk.length;
    if (wasAllowed && bytesLeft < 0) request.socket.destroySoon();
  });
}

function addHealthRoutes(routes: Map<string, RequestHandler>, health: Health, metrics: Registry): void {
  routes.set('/healthz', (_request, response) => sendJson(response, 200, { status: 'alive' }));
  routes.set('/readyz', (_request, response) => {
    const report = health.report();
    sendJson(response, report.ready ? 200 : 503, report);
  });
  routes.set('/metrics', async (_request, response) => {
    const text = await metrics.metrics();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    response.end(text);
  });
}

function listen(
  server: Server,
  { host, port, logger }: HttpHostOptions,
): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(explainListenFailure(error, { host, port }));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      server.on('error', (error) => logger.error({ err: error }, 'HTTP server failed'));
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
}

/** RFC 9110 §7.8: a server may ignore an offer to upgrade. Node hands the socket over, so it is given back. */
function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // Not `end`: a peer that never closes its own direction would keep the socket for ever.
  response.on('finish', () => socket.destroySoon());
  server.emit('request', request, response);
}

/**
 * What came cannot be read: not HTTP, or too large, or too slow. Written by hand, because an earlier request of the
 * connection may still hold its place for a response.
 */
function answerUnreadable(socket: Socket): void {
  const body = JSON.stringify({ error: 'bad_request', message: 'the request cannot be read' });
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n`;
  if (socket.writable) socket.write(`HTTP/1.1 400 Bad Request\r\n${headers}connection: close\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Which connections wait for answers: clients may send on before they came. */
function countAnswers() {
  const due = new WeakMap<Duplex, number>();
  const add = (socket: Duplex, count: number) => due.set(socket, (due.get(socket) ?? 0) + count);
  return {
    begin({ socket }: IncomingMessage, response: ServerResponse): void {
      add(socket, 1);
      response.once('close', () => add(socket, -1));
    },
    isDue: (socket: Duplex) => (due.get(socket) ?? 0) > 0,
  };
}

/** Upgraded connections are not the HTTP server's any more, and yet `close` waits for them. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
    return undefined;
  });
}
