/**
 * The bus: publish/subscribe with a capped log per channel. One interface, two drivers (Redis, memory).
 * A *delivery* is one message on its way to a subscriber; its *id* is the position in the channel's log and is
 * `null` for messages that a foreign producer published past the log. Source: architecture.md, "The bus".
 */
import type { BusMessage, Channel } from '@pulsewire/shared-schema';
import type { DependencyState } from '../health.js';
import type { Stoppable } from '../lifecycle.js';

export type BusState = DependencyState;

export interface Delivery {
  channel: Channel;
  id: string | null;
  /**
   * The payload exactly as it was published, but for the `id`: our own messages have theirs, others have none,
   * whatever they brought. Must not be changed.
   */
  bytes: Buffer;
  /** True when it was read from the log after a disconnect, rather than received live. */
  recovered: boolean;
}

/** The log no longer reaches back to where the subscriber stopped: messages after `after` may be missing. */
export interface DeliveryGap {
  channel: Channel;
  after: string;
}

export interface SubscribeOptions {
  channels: readonly Channel[];
  /** Log id per channel to continue after; a channel without one starts with what comes next. */
  after?: Partial<Record<Channel, string>>;
  /** Called in order, once per message. A throw is counted (the first one is logged), and delivery goes on. */
  onMessage(delivery: Delivery): void;
  onGap?(gap: DeliveryGap): void;
}

export interface Subscription extends Stoppable {
  /** Resolves when messages flow for the first time; stays pending while the bus is down. */
  readonly ready: Promise<void>;
  /** The last id delivered on a channel, or `null`. */
  lastId(channel: Channel): string | null;
}

export interface LogEntry {
  id: string;
  bytes: Buffer;
}

export interface LogPage {
  entries: LogEntry[];
  /** False when entries right after `after` had already been trimmed or lost. */
  reachesBack: boolean;
  /** All that were in the log at that moment. */
  logEntries: number;
  /** Highest id ever given in the log, `0-0` when none. */
  lastId: string;
}

export interface ReadLogOptions {
  after: string | null;
  /** Most entries to return; fewer mean that the end was reached. */
  limit: number;
  /** Only entries that begin so. The others are passed over where the log is kept, at no cost to the reader. */
  startsWith?: string;
}

export interface Bus extends Stoppable {
  readonly state: BusState;
  /**
   * Calls on every change between up and down, within 1 s of the fact. What an outage left behind in the log is
   * delivered before the change to up is told. Returns its end.
   */
  onState(listener: (state: BusState) => void): () => void;
  /**
   * Queues a message: it is appended to the channel's log and published, in the order of the calls, exactly
   * once. Never throws. While the bus is down, 10,000 transitions and alerts and 5 minutes of samples are kept.
   */
  publish(channel: Channel, message: BusMessage): void;
  /** Resolves when nothing is queued any more, or after `timeoutMs`; true when everything went out. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Throws `position_invalid` when a position in `after` is not a log id. */
  subscribe(options: SubscribeOptions): Subscription;
  /**
   * Entries after `after` (from the beginning when `null`), oldest first. Rejects with `log_unavailable`, or with
   * `position_invalid` when `after` is not a log id.
   */
  readLog(channel: Channel, options: ReadLogOptions): Promise<LogPage>;
}
