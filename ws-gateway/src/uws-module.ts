/**
 * The package `uWebSockets.js`, which is native, large and optional: the only file that loads it, and the part of
 * its interface that is used here. A socket or response of it must not be touched after its end.
 */
import { createRequire } from 'node:module';

export interface UwsSocket {
  getUserData(): object;
  /** 1 sent, 0 buffered, 2 dropped; never 2 without a `maxBackpressure`. */
  send(message: Uint8Array, isBinary: boolean, compress: boolean): number;
  getBufferedAmount(): number;
  ping(message: string): number;
  end(code: number, reason: string): void;
  close(): void;
  cork(task: () => void): unknown;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  getTopics(): string[];
}

export interface UwsResponse {
  writeStatus(status: string): UwsResponse;
  writeHeader(name: string, value: string): UwsResponse;
  end(body: string, closeConnection: boolean): UwsResponse;
  endWithoutBody(): UwsResponse;
  onAborted(handler: () => void): UwsResponse;
  cork(task: () => void): UwsResponse;
  /** 4 or 16 bytes. */
  getRemoteAddress(): ArrayBuffer;
  upgrade(userData: object, key: string, protocol: string, extensions: string, context: unknown): void;
}

/** Readable until the handler returns. */
export interface UwsRequest {
  getHeader(lowerCaseName: string): string;
  getUrl(): string;
  /** Without the question mark. */
  getQuery(): string;
  getCaseSensitiveMethod(): string;
  forEach(visit: (lowerCaseName: string, value: string) => void): void;
}

export interface UwsBehavior {
  maxPayloadLength: number;
  /** Bytes; 0 is no limit. */
  maxBackpressure: number;
  /** Seconds without anything from the peer. */
  idleTimeout: number;
  sendPingsAutomatically: boolean;
  upgrade(response: UwsResponse, request: UwsRequest, context: unknown): void;
  open(socket: UwsSocket): void;
  /** `message` is gone after the call. */
  message(socket: UwsSocket, message: ArrayBuffer, isBinary: boolean): void;
  /** `message` is gone after the call. */
  pong(socket: UwsSocket, message: ArrayBuffer): void;
  /** The library answers it by itself. */
  ping(socket: UwsSocket): void;
  /** Some of what was buffered has left. */
  drain(socket: UwsSocket): void;
  /** Also called from within `end`, before the peer has answered, and never again. */
  close(socket: UwsSocket, code: number): void;
}

export interface UwsApp {
  ws(pattern: string, behavior: UwsBehavior): UwsApp;
  any(pattern: string, handler: (response: UwsResponse, request: UwsRequest) => void): UwsApp;
  /** `listening` is called at once; with `false` when it failed. */
  listen(host: string, port: number, options: number, listening: (socket: object | false) => void): UwsApp;
  publish(topic: string, message: Uint8Array, isBinary: boolean, compress: boolean): boolean;
  /** Stops listening and cuts off every connection. */
  close(): UwsApp;
}

export interface UwsModule {
  App(): UwsApp;
  /** Without it two processes may listen on one port, and neither would know. */
  LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  us_socket_local_port(socket: object): number;
}

export type LoadedUws = { module: UwsModule } | { missing: string };

/** The package, or why it cannot be used on this machine. */
export function loadUws(): LoadedUws {
  try {
    return { module: createRequire(import.meta.url)('uWebSockets.js') as UwsModule };
  } catch (error) {
    const isAbsent = (error as { code?: unknown }).code === 'MODULE_NOT_FOUND';
    if (isAbsent) return { missing: 'the package uWebSockets.js is not installed' };
    return { missing: `the package uWebSockets.js does not run here: ${firstLine(error)}` };
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
