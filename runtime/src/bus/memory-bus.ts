/**
 * The bus inside one process: what the embedded start runs on, and what tests use. `interrupt` and `restore`
 * play an outage, so that a dependant can be tested without a network.
 */
import type { BusMessage, Channel } from '@pulsewire/shared-schema/names';
import { compareLogIds, LIMITS } from '@pulsewire/shared-schema/names';
import { type Clock, systemClock } from '../clock.js';
import { RuntimeError } from '../errors.js';
import type { Bus, BusState, LogEntry, LogPage, SubscribeOptions, Subscription } from './bus.js';

export interface MemoryBus extends Bus {
  /** Goes down: publishes are kept, deliveries stop. */
  interrupt(cause: string): void;
  /** Comes back: kept publishes go out, subscribers receive what they missed. */
  restore(): void;
  /** Publishes bytes past the log, as a foreign producer would. */
  publishForeign(channel: Channel, bytes: Buffer): void;
}

interface Subscriber {
  options: SubscribeOptions;
  lastIds: Map<Channel, string>;
}

interface Log {
  entries: LogEntry[];
  /** Entries were dropped at the front. */
  trimmed: boolean;
}

export function createMemoryBus(options: { clock?: Clock; logEntries?: number } = {}): MemoryBus {
  const clock = options.clock ?? systemClock;
  const capacity = options.logEntries ?? LIMITS.logEntries;
  const logs = new Map<Channel, Log>();
  const subscribers = new Set<Subscriber>();
  const listeners = new Set<(state: BusState) => void>();
  const kept: { channel: Channel; message: BusMessage }[] = [];
  let state: BusState = { status: 'up', sinceMs: clock.nowMs(), cause: null };
  let lastMs = 0;
  let sequence = 0;

  function nextId(): string {
    const nowMs = Math.max(clock.nowMs(), lastMs);
    sequence = nowMs === lastMs ? sequence + 1 : 0;
    lastMs = nowMs;
    return `${nowMs}-${sequence}`;
  }

  function logOf(channel: Channel): Log {
    let log = logs.get(channel);
    if (log === undefined) {
      log = { entries: [], trimmed: false };
      logs.set(channel, log);
    }
    return log;
  }

  function append(channel: Channel, message: BusMessage): void {
    const log = logOf(channel);
    const id = nextId();
    const bytes = Buffer.from(JSON.stringify({ type: message.type, data: message.data, id }));
    log.entries.push({ id, bytes });
    if (log.entries.length > capacity * 1.1) {
      log.entries = log.entries.slice(-capacity);
      log.trimmed = true;
    }
    for (const subscriber of [...subscribers]) deliver(subscriber, channel, { id, bytes }, false);
  }

  function deliver(subscriber: Subscriber, channel: Channel, entry: LogEntry, recovered: boolean): void {
    if (!subscriber.options.channels.includes(channel) || !subscribers.has(subscriber)) return;
    subscriber.lastIds.set(channel, entry.id);
    subscriber.options.onMessage({ channel, id: entry.id, bytes: entry.bytes, recovered });
  }

  function recover(subscriber: Subscriber): void {
    for (const channel of subscriber.options.channels) {
      const after = subscriber.lastIds.get(channel);
      if (after === undefined) continue;
      const page = pageAfter(logOf(channel), after, Number.POSITIVE_INFINITY);
      if (!page.reachesBack) subscriber.options.onGap?.({ channel, after });
      for (const entry of page.entries) deliver(subscriber, channel, entry, true);
    }
  }

  function changeState(next: BusState): void {
    state = next;
    for (const listener of [...listeners]) listener(state);
  }

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(channel, message) {
      if (state.status === 'down') kept.push({ channel, message });
      else append(channel, message);
    },
    flush: () => Promise.resolve(kept.length === 0),
    subscribe(subscribeOptions) {
      const lastIds = new Map(Object.entries(subscribeOptions.after ?? {}) as [Channel, string][]);
      const subscriber: Subscriber = { options: subscribeOptions, lastIds };
      subscribers.add(subscriber);
      if (state.status === 'up') recover(subscriber);
      const subscription: Subscription = {
        ready: Promise.resolve(),
        lastId: (channel) => lastIds.get(channel) ?? null,
        stop: async () => {
          subscribers.delete(subscriber);
        },
      };
      return subscription;
    },
    async readLog(channel, { after, limit }) {
      if (state.status === 'down') throw new RuntimeError('log_unavailable', `bus is down: ${state.cause}`);
      return pageAfter(logOf(channel), after, limit);
    },
    async stop() {
      subscribers.clear();
      listeners.clear();
    },
    interrupt(cause) {
      if (state.status === 'up') changeState({ status: 'down', sinceMs: clock.nowMs(), cause });
    },
    restore() {
      if (state.status === 'up') return;
      state = { status: 'up', sinceMs: clock.nowMs(), cause: null };
      for (const subscriber of [...subscribers]) recover(subscriber);
      changeState(state);
      for (const { channel, message } of kept.splice(0)) append(channel, message);
    },
    publishForeign(channel, bytes) {
      if (state.status === 'down') return;
      for (const { options: subscribed } of [...subscribers])
        if (subscribed.channels.includes(channel))
          subscribed.onMessage({ channel, id: null, bytes, recovered: false });
    },
  };
}

function pageAfter(log: Log, after: string | null, limit: number): LogPage {
  if (after === null) return { entries: log.entries.slice(0, limit), reachesBack: !log.trimmed };
  const start = log.entries.findIndex((entry) => compareLogIds(entry.id, after) > 0);
  const known = start > 0 || log.entries.at(-1)?.id === after;
  const entries = start === -1 ? [] : log.entries.slice(start, start + limit);
  return { entries, reachesBack: known || !log.trimmed };
}
