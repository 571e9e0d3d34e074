/** What the workers that play a peer of the gateway have in common. */
import { CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';

export interface PeerQuestion {
  redisUrl: string;
}
export interface PeerAnswer {
  port: number;
}

/** Resolves when subscribed. */
export async function onEachMessage(redisUrl: string, send: (message: string) => void): Promise<void> {
  const redis = new Redis(redisUrl);
  redis.on('message', (_channel, message) => send(message));
  await redis.subscribe(CHANNELS.metrics);
}
