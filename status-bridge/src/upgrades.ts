/**
 * Connections that ask to become something else. Node takes such a socket away from the HTTP server, and with it the
 * patience for slow peers and the listener for its errors: a reset would end the process, and a peer that never closes
 * its own side would keep its place for ever. Socket.IO takes its own offers; the others are ended or declined here.
 */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HTTP_ERRORS } from '@pulsewire/shared-schema';
import { endWith, plainAnswer } from './http-errors.js';

export interface UpgradeGuardOptions {
  server: Server;
  /** Offers below this path are Socket.IO's. */
  socketPath: string;
}

export function guardUpgrades({ server, socketPath }: UpgradeGuardOptions): void {
  const due = countAnswers(server);
  server.on('upgrade', (request, duplex) => {
    const socket = duplex as Socket;
    socket.on('error', () => {});
    const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
    // An answer would come before the one that is due, or mix with it: nobody may ask this soon.
    if (due(socket) > 0) socket.destroy();
    else if (request.url?.startsWith(`${socketPath}/`)) return;
    else if (!isWebSocket && isWithoutBody(request)) answerAsItIs(server, request, socket);
    else endWith(socket, plainAnswer(HTTP_ERRORS.not_found, 'not_found', 'no such route'));
  });
}

/** RFC 9110 §7.8: a server may ignore an offer to upgrade, such as curl's to HTTP/2. */
function answerAsItIs(server: Server, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.destroySoon());
  server.emit('request', request, response);
}

/** The body of an upgraded request is never read, and who waits for it waits for ever. */
function isWithoutBody({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** How many requests of a connection wait for their answers: clients may send on before those came. */
function countAnswers(server: Server): (socket: Duplex) => number {
  const due = new WeakMap<Duplex, number>();
  const add = (socket: Duplex, count: number) => due.set(socket, (due.get(socket) ?? 0) + count);
  server.on('request', ({ socket }, response) => {
    add(socket, 1);
    response.once('close', () => add(socket, -1));
  });
  return (socket) => due.get(socket) ?? 0;
}
