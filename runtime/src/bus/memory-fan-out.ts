/** Subscriptions of the memory bus: who receives what, one delivery after the other. */
import type { Channel } from '@pulsewire/shared-schema';
import type { Logger } from '../logger.js';
import type { Delivery, SubscribeOptions, Subscription } from './bus.js';
import type { BusMetrics } from './bus-metrics.js';
import { createDeliverer, type Deliverer } from './deliverer.js';
import { createFifo } from './fifo.js';
import { checkPosition, deriveResumeAfter, LOG_START, reachesBack } from './log-position.js';
import type { MemoryLog } from './memory-log.js';

export interface MemoryFanOut {
  subscribe(options: SubscribeOptions): Subscription;
  /** Delivers to everybody who is live on the channel. */
  live(delivery: Delivery): void;
  /** Delivery stops; what was not delivered yet is read from the log later. */
  interrupt(): void;
  /** Brings every subscription from its position to live. */
  recover(): void;
  close(): void;
}

export interface MemoryFanOutOptions {
  logger: Logger;
  metrics: BusMetrics;
  logOf(channel: Channel): MemoryLog;
  isUp(): boolean;
}

interface Subscriber {
  channels: readonly Channel[];
  deliverer: Deliverer;
  /** Where recovery continues, per channel. */
  positions: Map<Channel, string>;
  lastIds: Map<Channel, string>;
  /** Receives what is published now; otherwise it recovers first. */
  live: boolean;
  onReady(): void;
}

export function createMemoryFanOut({ logger, metrics, logOf, isUp }: MemoryFanOutOptions): MemoryFanOut {
  const subscribers = new Set<Subscriber>();
  const queue = createFifo<{ subscriber: Subscriber; delivery: Delivery }>();
  let draining = false;

  function deliver(subscriber: Subscriber, delivery: Delivery): void {
    const { channel, id } = delivery;
    if (id !== null) subscriber.positions.set(channel, id);
    if (id !== null) subscriber.lastIds.set(channel, id);
    metrics.delivered();
    if (delivery.recovered) metrics.recovered();
    subscriber.deliverer.message(delivery);
  }

  function drain(): void {
    if (draining) return;
    draining = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      if (subscribers.has(next.subscriber) && next.subscriber.live) deliver(next.subscriber, next.delivery);
    draining = false;
  }

  function recoverOne(subscriber: Subscriber): void {
    if (subscriber.live || !isUp() || !subscribers.has(subscriber)) return;
    subscriber.live = true;
    for (const channel of subscriber.channels) {
      const log = logOf(channel);
      const position = subscriber.positions.get(channel) ?? LOG_START;
      const facts = log.facts(position);
      if (!reachesBack(position, facts)) subscriber.deliverer.gap({ channel, after: position });
      for (const { id, bytes } of log.after(
        deriveResumeAfter(position, facts.lastId, false),
        Number.POSITIVE_INFINITY,
      ))
        queue.push({ subscriber, delivery: { channel, id, bytes, recovered: true } });
    }
    drain();
    subscriber.onReady();
  }

  return {
    subscribe(options) {
      for (const after of Object.values(options.after ?? {})) checkPosition(after);
      const lastIds = new Map(Object.entries(options.after ?? {}) as [Channel, string][]);
      const here = options.channels.map(
        (channel) => [channel, logOf(channel).facts(LOG_START).lastId] as const,
      );
      let onReady = () => {};
      const ready = new Promise<void>((resolve) => {
        onReady = resolve;
      });
      const subscriber: Subscriber = {
        channels: options.channels,
        deliverer: createDeliverer({ options, logger, metrics }),
        positions: new Map([...here, ...lastIds]),
        lastIds,
        live: false,
        onReady,
      };
      subscribers.add(subscriber);
      if (lastIds.size === 0) recoverOne(subscriber);
      // Deferred, so that no handler runs before the caller has its subscription in hand.
      else queueMicrotask(() => recoverOne(subscriber));
      return {
        ready,
        lastId: (channel) => lastIds.get(channel) ?? null,
        stop: async () => {
          subscribers.delete(subscriber);
        },
      };
    },
    live(delivery) {
      for (const subscriber of subscribers)
        if (subscriber.live && subscriber.channels.includes(delivery.channel))
          queue.push({ subscriber, delivery });
      drain();
    },
    interrupt() {
      for (const subscriber of subscribers) subscriber.live = false;
      while (queue.size > 0) queue.shift();
    },
    recover() {
      for (const subscriber of [...subscribers]) recoverOne(subscriber);
    },
    close: () => subscribers.clear(),
  };
}
