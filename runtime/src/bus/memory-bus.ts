/**
 * The bus inside one process: what the embedded start runs on, and what tests use. `interrupt` and `restore`
 * play an outage, so that a dependant can be tested without a network.
 *
 * A publish is delivered before `publish` returns, unless it was called from a handler: then it waits its turn,
 * so that every subscriber sees every message in the same order. Recovery runs right after the current task.
 */
import { type Channel, LIMITS } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import { type Clock, systemClock } from '../clock.js';
import { RuntimeError } from '../errors.js';
import { type Logger, silentLogger } from '../logger.js';
import type { Bus, BusState } from './bus.js';
import { createBusMetrics } from './bus-metrics.js';
import { encodePayload } from './envelope.js';
import { createFlush } from './flush.js';
import { withoutId } from './foreign-id.js';
import { createListeners } from './listeners.js';
import { checkPosition, LOG_START, reachesBack } from './log-position.js';
import { createMemoryFanOut } from './memory-fan-out.js';
import { createMemoryLog, type MemoryLog } from './memory-log.js';
import { createOutbox } from './outbox.js';
import { createOutgoingKinds } from './outgoing-kind.js';

export interface MemoryBus extends Bus {
  /** Goes down: publishes are kept, deliveries stop. */
  interrupt(cause: string): void;
  /** Comes back: subscribers receive what they missed, then kept publishes go out. */
  restore(): void;
  /** Publishes bytes past the log, as a foreign producer would. */
  publishForeign(channel: Channel, bytes: Buffer): void;
}

export interface MemoryBusOptions {
  clock?: Clock;
  /** Entries kept per channel. */
  logEntries?: number;
  /** The same in bytes: whichever is reached first. */
  logBytes?: number;
  logger?: Logger;
  metrics?: Registry;
}

const BATCH_MESSAGES = 500;

export function createMemoryBus(options: MemoryBusOptions = {}): MemoryBus {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const outbox = createOutbox();
  const kindOf = createOutgoingKinds();
  const flush = createFlush(clock, () => outbox.size === 0);
  const listeners = createListeners<BusState>(logger);
  const logs = new Map<Channel, MemoryLog>();
  const nextId = createIdSource(clock);
  let sending = false;
  let state: BusState = { status: 'up', sinceMs: clock.nowMs(), cause: null };
  const metrics = createBusMetrics(options.metrics, {
    up: () => state.status === 'up',
    queued: () => outbox.size,
    dropped: () => outbox.dropped,
  });
  const fanOut = createMemoryFanOut({ logger, metrics, logOf, isUp: () => state.status === 'up' });

  function logOf(channel: Channel): MemoryLog {
    const existing = logs.get(channel);
    if (existing !== undefined) return existing;
    const log = createMemoryLog({
      entries: options.logEntries ?? LIMITS.memoryLogEntries,
      bytes: options.logBytes ?? LIMITS.memoryLogBytes,
    });
    logs.set(channel, log);
    return log;
  }

  function sendAll(): void {
    // A publish from a handler must come after the rest of the batch that the handler was called for.
    if (sending) return;
    sending = true;
    while (state.status === 'up' && outbox.size > 0) {
      const batch = outbox.batch(BATCH_MESSAGES, clock.monotonicMs());
      outbox.taken();
      metrics.published(batch.length);
      for (const { channel, payload } of batch) {
        const { id, bytes } = logOf(channel).append(nextId(), payload);
        fanOut.live({ channel, id, bytes, recovered: false });
      }
    }
    sending = false;
    if (outbox.size === 0) flush.emptied();
  }

  return {
    get state() {
      return state;
    },
    onState: listeners.add,
    publish(channel, message) {
      try {
        outbox.add(channel, encodePayload(message), kindOf(message), clock.monotonicMs());
      } catch (error) {
        metrics.unpublishable();
        logger.error({ err: error, channel }, 'message cannot be encoded; it was not published');
        return;
      }
      sendAll();
    },
    flush: flush.wait,
    subscribe: fanOut.subscribe,
    async readLog(channel, { after, limit, startsWith }) {
      if (after !== null) checkPosition(after);
      if (state.status === 'down') throw new RuntimeError('log_unavailable', `bus is down: ${state.cause}`);
      const log = logOf(channel);
      const facts = log.facts(after ?? LOG_START);
      return {
        entries: log.after(after ?? LOG_START, limit, startsWith),
        reachesBack: reachesBack(after, facts),
        logEntries: facts.entries,
        lastId: facts.lastId,
      };
    },
    async stop() {
      fanOut.close();
      listeners.clear();
    },
    interrupt(cause) {
      if (state.status === 'down') return;
      state = { status: 'down', sinceMs: clock.nowMs(), cause };
      fanOut.interrupt();
      listeners.tell(state);
    },
    restore() {
      if (state.status === 'up') return;
      state = { status: 'up', sinceMs: clock.nowMs(), cause: null };
      fanOut.recover();
      listeners.tell(state);
      sendAll();
    },
    publishForeign(channel, bytes) {
      if (state.status === 'up')
        fanOut.live({ channel, id: null, bytes: withoutId(bytes), recovered: false });
    },
  };
}

/** Ids as Redis gives them: milliseconds that never go back, and a sequence within each. */
function createIdSource(clock: Clock): () => string {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const nowMs = Math.max(clock.nowMs(), lastMs);
    sequence = nowMs === lastMs ? sequence + 1 : 0;
    lastMs = nowMs;
    return `${nowMs}-${sequence}`;
  };
}
