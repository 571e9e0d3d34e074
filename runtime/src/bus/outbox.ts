/**
 * What was published and is not yet in the log. *Transitions* and *samples* (outgoing-kind.ts tells them apart)
 * have limits of their own; beyond them the oldest go first, because the newest say how things stand. The
 * *batch* is what is being sent: it stays until its outcome is known, and is never evicted for number.
 */
import type { Channel } from '@pulsewire/shared-schema';
import { createFifo, type Fifo } from './fifo.js';

export type OutgoingKind = 'sample' | 'transition';

export interface Outgoing {
  /** Position in the order of the calls; grows by one. */
  seq: number;
  channel: Channel;
  payload: string;
  kind: OutgoingKind;
  /** Monotonic time of the call. */
  atMs: number;
  /** It was sent before, and nobody knows whether it arrived. */
  redelivered: boolean;
}

export interface OutboxLimits {
  transitions: number;
  samples: number;
  sampleAgeMs: number;
}

/** Number of messages given up since the beginning. */
export interface Dropped {
  samples: number;
  transitions: number;
}

export interface Outbox {
  /** Messages held, the batch included. */
  readonly size: number;
  readonly dropped: Readonly<Dropped>;
  add(channel: Channel, payload: string, kind: OutgoingKind, nowMs: number): void;
  /**
   * The batch to send: the one whose outcome is open (its beginning, if there is less room now), else the oldest
   * messages of one channel, in order.
   */
  batch(maxMessages: number, nowMs: number): readonly Outgoing[];
  /** The batch is in the log. */
  taken(): void;
  /** The batch may or may not be in the log; it will be offered again, marked. */
  outcomeUnknown(): void;
}

/** The sample count bounds memory where samples come faster than the age limit expects. */
export const OUTBOX_LIMITS: OutboxLimits = {
  transitions: 10_000,
  samples: 100_000,
  sampleAgeMs: 5 * 60_000,
};

export function createOutbox(limits: OutboxLimits = OUTBOX_LIMITS): Outbox {
  const queues: Record<OutgoingKind, Fifo<Outgoing>> = { sample: createFifo(), transition: createFifo() };
  const dropped: Dropped = { samples: 0, transitions: 0 };
  let inFlight: Outgoing[] = [];
  /** How many of them the last batch was. */
  let offered = 0;
  let lastSeq = 0;

  function evict(nowMs: number): void {
    const { sample, transition } = queues;
    while (sample.size > limits.samples || isExpired(sample.peek(), nowMs, limits)) {
      sample.shift();
      dropped.samples += 1;
    }
    while (transition.size > limits.transitions) {
      transition.shift();
      dropped.transitions += 1;
    }
  }

  function next(): Fifo<Outgoing> {
    const { sample, transition } = queues;
    const sampleSeq = sample.peek()?.seq ?? Number.POSITIVE_INFINITY;
    const transitionSeq = transition.peek()?.seq ?? Number.POSITIVE_INFINITY;
    return sampleSeq < transitionSeq ? sample : transition;
  }

  function offer(maxMessages: number): readonly Outgoing[] {
    offered = Math.min(inFlight.length, maxMessages);
    return offered === inFlight.length ? inFlight : inFlight.slice(0, offered);
  }

  return {
    get size() {
      return inFlight.length + queues.sample.size + queues.transition.size;
    },
    dropped,
    add(channel, payload, kind, nowMs) {
      lastSeq += 1;
      queues[kind].push({ seq: lastSeq, channel, payload, kind, atMs: nowMs, redelivered: false });
      evict(nowMs);
    },
    batch(maxMessages, nowMs) {
      const before = inFlight.length;
      inFlight = inFlight.filter((message) => !isExpired(message, nowMs, limits));
      dropped.samples += before - inFlight.length;
      if (inFlight.length > 0) return offer(maxMessages);
      evict(nowMs);
      const channel = next().peek()?.channel;
      while (inFlight.length < maxMessages && next().peek()?.channel === channel) {
        const message = next().shift();
        if (message === undefined) break;
        inFlight.push(message);
      }
      return offer(maxMessages);
    },
    taken() {
      inFlight = inFlight.slice(offered);
    },
    outcomeUnknown() {
      inFlight = inFlight.map((message, index) =>
        index < offered ? { ...message, redelivered: true } : message,
      );
    },
  };
}

export function sumDropped(all: readonly Readonly<Dropped>[]): Dropped {
  return {
    samples: all.reduce((sum, { samples }) => sum + samples, 0),
    transitions: all.reduce((sum, { transitions }) => sum + transitions, 0),
  };
}

function isExpired(message: Outgoing | undefined, nowMs: number, limits: OutboxLimits): boolean {
  return message?.kind === 'sample' && nowMs - message.atMs > limits.sampleAgeMs;
}
