/** Worker: the loop that everybody writes first, ioredis `message` → `client.send`. The peer of the benches. */
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { onEachMessage, type PeerAnswer, type PeerQuestion } from './peer.js';
import { answer } from './worker.js';

const BACKLOG = 4096;

answer<PeerQuestion, PeerAnswer>(async ({ redisUrl }) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: BACKLOG });
  await onEachMessage(redisUrl, (message) => {
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(message);
  });
  return { port: (server.address() as AddressInfo).port };
});
