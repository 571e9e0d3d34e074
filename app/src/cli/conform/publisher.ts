/** The edge to the bus: publishes as a foreign producer does, past the log. */
import type { Channel } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';

export interface Publisher {
  /** False when Redis does not answer. Never rejects. */
  isReachable(): Promise<boolean>;
  /** Rejects when Redis does not answer. */
  publish(channel: Channel, payload: string): Promise<void>;
  stop(): void;
}

export function connectPublisher(url: string): Publisher {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, connectTimeout: 2000 });
  // Every publish that fails says so itself.
  redis.on('error', () => undefined);
  return {
    isReachable: () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    async publish(channel, payload) {
      await redis.publish(channel, payload);
    },
    stop: () => redis.disconnect(),
  };
}
