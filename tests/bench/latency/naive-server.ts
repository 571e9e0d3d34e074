/** Worker: the loop that everybody writes first, ioredis `message` → `client.send`. The peer of the bench. */
import type { AddressInfo } from 'node:net';
import { CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { WebSocket, WebSocketServer } from 'ws';
import { answer } from './worker.js';

export interface NaiveQuestion {
  redisUrl: string;
}
export interface NaiveAnswer {
  port: number;
}

answer<NaiveQuestion, NaiveAnswer>(async ({ redisUrl }) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const redis = new Redis(redisUrl);
  redis.on('message', (_channel, message) => {
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(message);
  });
  await redis.subscribe(CHANNELS.metrics);
  return { port: (server.address() as AddressInfo).port };
});
