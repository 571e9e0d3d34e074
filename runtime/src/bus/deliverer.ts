/** Hands messages to a subscriber's handlers, which must not throw; when one does, delivery goes on all the same. */
import type { Logger } from '../logger.js';
import type { Delivery, DeliveryGap, SubscribeOptions } from './bus.js';
import type { BusMetrics } from './bus-metrics.js';

export interface Deliverer {
  message(delivery: Delivery): void;
  gap(gap: DeliveryGap): void;
}

export interface DelivererOptions {
  options: SubscribeOptions;
  logger: Logger;
  metrics: BusMetrics;
}

export function createDeliverer({ options, logger, metrics }: DelivererOptions): Deliverer {
  let logged = false;

  /** Every throw is counted; only the first is logged, for a broken handler throws with every message. */
  function failed(error: unknown): void {
    metrics.handlerFailed();
    if (!logged) logger.error({ err: error }, 'a message handler threw; further throws are only counted');
    logged = true;
  }

  return {
    message(delivery) {
      try {
        options.onMessage(delivery);
      } catch (error) {
        failed(error);
      }
    },
    gap(gap) {
      try {
        options.onGap?.(gap);
      } catch (error) {
        failed(error);
      }
    },
  };
}
