/** Worker: Socket.IO as its documentation shows it, `io.emit` of the parsed message. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { onEachMessage, type PeerAnswer, type PeerQuestion } from './peer.js';
import { answer } from './worker.js';

/** Longer than any round: the bench's clients answer no heartbeat. */
const PING_INTERVAL_MS = 120_000;

answer<PeerQuestion, PeerAnswer>(async ({ redisUrl }) => {
  const http = createServer();
  const io = new Server(http, {
    transports: ['websocket'],
    pingInterval: PING_INTERVAL_MS,
    serveClient: false,
  });
  await new Promise<void>((resolve) => http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve));
  await onEachMessage(redisUrl, (message) => io.emit('message', JSON.parse(message)));
  return { port: (http.address() as AddressInfo).port };
});
