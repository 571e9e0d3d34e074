/** The subscriptions of a Redis bus: brings each one from its position in the log to live, again after every loss. */
import type { Channel } from '@pulsewire/shared-schema';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Delivery, SubscribeOptions, Subscription } from './bus.js';
import type { BusMetrics } from './bus-metrics.js';
import { type ChannelFeed, createChannelFeed } from './channel-feed.js';
import { createDeliverer, type Deliverer } from './deliverer.js';
import { checkPosition, deriveResumeAfter, LOG_START, reachesBack } from './log-position.js';
import type { RawPage } from './redis-commands.js';
import type { Barrier, RedisSession } from './redis-session.js';

export interface SubscriberOptions {
  clock: Clock;
  logger: Logger;
  metrics: BusMetrics;
  /** The session to use now, or `null` while there is none. */
  session(): RedisSession | null;
  /** Redis answered: recovery makes progress. */
  onProgress(): void;
  onFailure(session: RedisSession, error: unknown): void;
}

export interface Subscriber {
  subscribe(options: SubscribeOptions): Subscription;
  /** Brings every subscription to live on a new session. */
  attachAll(session: RedisSession): Promise<void>;
  /** The session is gone. */
  hold(): void;
  receive(channel: Channel, bytes: Buffer): void;
  barrier(barrier: Barrier): void;
  close(): void;
}

interface Entry {
  channels: readonly Channel[];
  feeds: Map<Channel, ChannelFeed>;
  deliverer: Deliverer;
  onReady(): void;
}

const PAGE_ENTRIES = 1000;
/** How far an id may be ahead of Redis's clock as we know it before we do not believe it. */
const CLOCK_SLACK_MS = 1000;

export function createSubscriber(context: SubscriberOptions): Subscriber {
  const { clock, logger, metrics, onProgress } = context;
  const entries = new Set<Entry>();
  /** The same, replaced with every change: a handler may subscribe and stop while a message goes round. */
  let receiving: readonly Entry[] = [];
  /** Redis's clock minus our monotonic one, at most. */
  let redisAheadMs = Number.POSITIVE_INFINITY;

  /** The latest time that an id can have which Redis gave by now. */
  function newestIdMs(): number {
    return clock.monotonicMs() + redisAheadMs + CLOCK_SLACK_MS;
  }

  async function attach(entry: Entry, session: RedisSession): Promise<void> {
    const isOver = () => session !== context.session() || !entries.has(entry);
    for (const [channel, feed] of entry.feeds) await attachFeed(entry, session, channel, feed, isOver);
    if (!isOver()) entry.onReady();
  }

  async function attachFeed(
    entry: Entry,
    session: RedisSession,
    channel: Channel,
    feed: ChannelFeed,
    isOver: () => boolean,
  ): Promise<void> {
    if (isOver()) return;
    const commands = session.commands();
    feed.hold();
    const start = feed.position() ?? (await commands.logState(channel, LOG_START)).lastId;
    // Stopped meanwhile: a channel that nobody wants would be received for good.
    if (isOver()) return;
    await session.subscribe([channel]);
    const askedAtMs = clock.monotonicMs();
    // What was delivered last tells more about a loss than the position, which lags behind it.
    const seen = feed.lastId() ?? start;
    const facts = await commands.logState(channel, seen);
    if (isOver()) return;
    redisAheadMs = facts.redisMs - askedAtMs;
    const newestIsKnown = facts.newest !== null && feed.delivered(facts.newest);
    if (!reachesBack(seen, facts)) entry.deliverer.gap({ channel, after: seen });
    let after: string | null = deriveResumeAfter(start, facts.lastId, newestIsKnown);
    feed.startAt(after);
    while (after !== null) {
      const page: RawPage = await commands.readPage(channel, after, PAGE_ENTRIES);
      if (isOver()) return;
      onProgress();
      feed.recover(page.entries);
      after = page.next;
    }
    feed.goLive({ atMs: clock.monotonicMs(), newestIdMs: newestIdMs() });
  }

  function createEntry(options: SubscribeOptions, onReady: () => void): Entry {
    const deliverer = createDeliverer({ options, logger, metrics });
    const entry: Entry = { channels: options.channels, feeds: new Map(), deliverer, onReady };
    const deliver = (delivery: Delivery) => {
      if (!entries.has(entry)) return;
      metrics.delivered();
      if (delivery.recovered) metrics.recovered();
      deliverer.message(delivery);
    };
    for (const channel of options.channels) {
      const after = options.after?.[channel] ?? null;
      const feed = createChannelFeed({ channel, after, deliver, onDuplicate: metrics.duplicate });
      entry.feeds.set(channel, feed);
    }
    return entry;
  }

  function unsubscribe(entry: Entry): void {
    if (!entries.delete(entry)) return;
    receiving = [...entries];
    const inUse = new Set([...entries].flatMap(({ channels }) => channels));
    context.session()?.unsubscribe(entry.channels.filter((channel) => !inUse.has(channel)));
  }

  return {
    subscribe(options) {
      for (const after of Object.values(options.after ?? {})) checkPosition(after);
      let onReady = () => {};
      const ready = new Promise<void>((resolve) => {
        onReady = resolve;
      });
      const entry = createEntry(options, onReady);
      entries.add(entry);
      receiving = [...entries];
      const session = context.session();
      if (session !== null) attach(entry, session).catch((error) => context.onFailure(session, error));
      return {
        ready,
        lastId: (channel) => entry.feeds.get(channel)?.lastId() ?? null,
        stop: async () => unsubscribe(entry),
      };
    },
    async attachAll(session) {
      for (const entry of [...entries]) await attach(entry, session);
    },
    hold() {
      redisAheadMs = Number.POSITIVE_INFINITY;
      for (const { feeds } of entries) for (const feed of feeds.values()) feed.hold();
    },
    receive(channel, bytes) {
      const newestMs = newestIdMs();
      for (const { feeds } of receiving) feeds.get(channel)?.receive(bytes, newestMs);
    },
    barrier({ positions, redisMs, sentAtMs }) {
      redisAheadMs = redisMs - sentAtMs;
      for (const { feeds } of entries)
        for (const [channel, feed] of feeds) {
          const position = positions.get(channel);
          if (position !== undefined) feed.barrier(position, sentAtMs);
        }
    },
    close() {
      entries.clear();
      receiving = [];
    },
  };
}
