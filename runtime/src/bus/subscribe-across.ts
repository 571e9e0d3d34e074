/** One subscription whose channels are received at several places. */
import type { Channel } from '@pulsewire/shared-schema';
import type { SubscribeOptions, Subscription } from './bus.js';
import type { Subscriber } from './subscriber.js';

type Receiver = Pick<Subscriber, 'subscribe'>;

/** Throws `position_invalid` before anything is subscribed. */
export function subscribeAcross(
  options: SubscribeOptions,
  receiverOf: (channel: Channel) => Receiver,
): Subscription {
  const groups = new Map<Receiver, Channel[]>();
  for (const channel of options.channels) {
    const receiver = receiverOf(channel);
    groups.set(receiver, [...(groups.get(receiver) ?? []), channel]);
  }
  // Each looks at all positions before it subscribes to anything, so that only the first one can throw.
  const parts = [...groups].map(([receiver, channels]) => ({
    channels,
    subscription: receiver.subscribe({ ...options, channels }),
  }));
  return {
    ready: Promise.all(parts.map(({ subscription }) => subscription.ready)).then(() => undefined),
    lastId: (channel) =>
      parts.find(({ channels }) => channels.includes(channel))?.subscription.lastId(channel) ?? null,
    async stop() {
      await Promise.all(parts.map(({ subscription }) => subscription.stop()));
    },
  };
}
