import { busIs, describeBusContract } from '@pulsewire/runtime/bus-contract';
import { CHANNELS } from '@pulsewire/shared-schema';
import { Redis } from 'ioredis';
import { startRedis } from '../support/redis.js';
import { upBus } from './redis-support.js';

describeBusContract('redis', async () => {
  const redis = await startRedis({ appendOnly: true });
  const [publisher, subscriber] = await Promise.all([upBus(redis.url, 'pub'), upBus(redis.url, 'sub')]);
  const both = (status: 'up' | 'down') =>
    Promise.all([busIs(publisher, status), busIs(subscriber, status)]).then(() => undefined);
  return {
    publisher,
    subscriber,
    async interrupt() {
      await redis.kill();
      await both('down');
    },
    async restore() {
      await redis.restart();
      await both('up');
    },
    async publishForeign(text) {
      const foreign = new Redis(redis.url);
      await foreign.publish(CHANNELS.metrics, text);
      await foreign.quit();
    },
    async stop() {
      await Promise.all([publisher.stop(), subscriber.stop()]);
      await redis.stop();
    },
  };
});
