/**
 * Sends what is in the outbox, one batch at a time: the next one leaves when the answer came, so batches grow
 * with the round trip. Knows nothing of connections but whether there is one.
 */
import type { BusMessage, Channel } from '@pulsewire/shared-schema';
import type { Cancel, Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { BusMetrics } from './bus-metrics.js';
import { encodePayload } from './envelope.js';
import { createFlush } from './flush.js';
import type { Outbox, Outgoing } from './outbox.js';
import { createOutgoingKinds } from './outgoing-kind.js';
import { isRedisAnswer, type Trouble, troubleOf } from './refusal.js';

/** Resolves when the batch is in the log. */
export type SendBatch = (batch: readonly Outgoing[]) => Promise<void>;

export interface PublisherOptions {
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
  metrics: BusMetrics;
  /** Redis answered a batch with an error; or took one again, or there is nothing left to take (`null`). */
  onRefusal(trouble: Trouble | null): void;
}

export interface Publisher {
  publish(channel: Channel, message: BusMessage): void;
  /** A session can be used: send. Does nothing while one is in use already. */
  resume(send: SendBatch): void;
  /** The session is gone: what was being sent has an unknown outcome. */
  suspend(): void;
  flush(timeoutMs: number): Promise<boolean>;
}

const MAX_BATCH_MESSAGES = 500;
const RETRY_FIRST_MS = 100;
const RETRY_LONGEST_MS = 1000;

export function createPublisher(options: PublisherOptions): Publisher {
  const { outbox, clock, logger, metrics } = options;
  const flush = createFlush(clock, () => outbox.size === 0);
  const kindOf = createOutgoingKinds();
  let send: SendBatch | null = null;
  let sending = false;
  let refusals = 0;
  /** Fewer while memory is short: a large batch needs room itself, and would be refused where a small one fits. */
  let batchMessages = MAX_BATCH_MESSAGES;
  /** What was told of refusals last. */
  let refused = false;
  let cancelRetry: Cancel | null = null;
  let scheduled = false;

  function pump(): void {
    scheduled = false;
    if (send === null || sending || cancelRetry !== null) return;
    const batch = outbox.batch(batchMessages, clock.monotonicMs());
    if (batch.length === 0) {
      // Samples that were refused may have grown too old meanwhile.
      accepted();
      flush.emptied();
      return;
    }
    const current = send;
    sending = true;
    current(batch).then(
      () => current === send && taken(batch.length),
      (error: unknown) => current === send && failed(error),
    );
  }

  function taken(messages: number): void {
    sending = false;
    refusals = 0;
    outbox.taken();
    metrics.published(messages);
    batchMessages = Math.min(batchMessages * 2, MAX_BATCH_MESSAGES);
    if (batchMessages === MAX_BATCH_MESSAGES) accepted();
    pump();
  }

  /** There is room for everything. */
  function accepted(): void {
    if (refused) options.onRefusal(null);
    refused = false;
  }

  function failed(error: unknown): void {
    sending = false;
    if (isRedisAnswer(error)) {
      const trouble = troubleOf(error);
      if (trouble.cause === 'out_of_memory') batchMessages = 1;
      refused = true;
      options.onRefusal(trouble);
    } else outbox.outcomeUnknown();
    const delayMs = Math.min(RETRY_FIRST_MS * 2 ** refusals, RETRY_LONGEST_MS);
    refusals += 1;
    cancelRetry = clock.after(delayMs, () => {
      cancelRetry = null;
      pump();
    });
  }

  return {
    publish(channel, message) {
      try {
        outbox.add(channel, encodePayload(message), kindOf(message), clock.monotonicMs());
      } catch (error) {
        metrics.unpublishable();
        logger.error({ err: error, channel }, 'message cannot be encoded; it was not published');
        return;
      }
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(pump);
    },
    resume(sendBatch) {
      send ??= sendBatch;
      pump();
    },
    suspend() {
      send = null;
      refusals = 0;
      cancelRetry?.();
      cancelRetry = null;
      if (sending) outbox.outcomeUnknown();
      sending = false;
    },
    flush: flush.wait,
  };
}
