/**
 * The bus on Redis. Composition only: the *link* keeps a session alive, the *publisher* empties the outbox into
 * it, the *subscriber* brings subscriptions from the log to live, and the *outage* tells the world.
 */
import { randomBytes } from 'node:crypto';
import type { Channel } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import { type Clock, systemClock } from '../clock.js';
import { RuntimeError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Bus, LogEntry, LogPage, ReadLogOptions } from './bus.js';
import { createBusMetrics } from './bus-metrics.js';
import { withId } from './envelope.js';
import { checkPosition, LOG_START, reachesBack } from './log-position.js';
import { createOutage } from './outage.js';
import { createOutbox } from './outbox.js';
import { createPublisher } from './publisher.js';
import type { RawPage } from './redis-commands.js';
import { createRedisLink } from './redis-link.js';
import type { RedisSession } from './redis-session.js';
import { isRedisAnswer } from './refusal.js';
import { createSubscriber } from './subscriber.js';

export interface RedisBusOptions {
  /** `redis://` or `rediss://`; may carry a password. */
  url: string;
  /** The process's name, shown by `CLIENT LIST`. */
  name: string;
  logger: Logger;
  metrics?: Registry;
  clock?: Clock;
}

const PAGE_ENTRIES = 1000;
const CLOSING_FLUSH_MS = 1000;

/** A bus that starts `down` and connects by itself, now and after every loss. Never throws for Redis's sake. */
export function createRedisBus(options: RedisBusOptions): Bus {
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ component: 'bus' });
  const instance = randomBytes(12).toString('hex');
  const outbox = createOutbox();
  const outage = createOutage({ clock, logger, dropped: outbox.dropped });
  const metrics = createBusMetrics(options.metrics, {
    up: () => outage.state.status === 'up',
    queued: () => outbox.size,
    dropped: () => outbox.dropped,
  });
  const publisher = createPublisher({
    outbox,
    clock,
    logger,
    metrics,
    onRefusal: (trouble) => outage.publishingIs(trouble),
  });
  const subscriber = createSubscriber({
    clock,
    logger,
    metrics,
    session: () => link.session,
    onProgress: () => link.note('answered'),
    onFailure: (session, error) => link.fail(session, error),
  });
  const link = createRedisLink(
    { url: options.url, name: `pulsewire-${options.name}`, instance, clock },
    {
      recover: (session) => subscriber.attachAll(session),
      onUp(session) {
        outage.linkIs(null);
        publisher.resume((batch) => send(session, batch));
      },
      onDown(trouble, lost) {
        if (lost) publisher.suspend();
        if (lost) subscriber.hold();
        outage.linkIs(trouble);
      },
      onMessage: (channel, bytes) => subscriber.receive(channel, bytes),
      onAnswer({ roundTripMs, barrier, refusal }) {
        metrics.roundTrip(roundTripMs / 1000);
        if (barrier !== null) subscriber.barrier(barrier);
        outage.probedIs(refusal);
      },
    },
  );

  async function send(session: RedisSession, batch: Parameters<RedisSession['commands']['append']>[1]) {
    if (session.subscribed) return session.commands.append(instance, batch);
    link.note('sent');
    try {
      await session.commands.append(instance, batch);
    } catch (error) {
      // A refusal is an answer, too: Redis is not silent.
      if (isRedisAnswer(error)) link.note('answered');
      throw error;
    }
    link.note('answered');
    return undefined;
  }

  async function readLog(channel: Channel, options: ReadLogOptions): Promise<LogPage> {
    const { after } = options;
    if (after !== null) checkPosition(after);
    const session = link.session;
    if (session === null || outage.state.status === 'down')
      throw new RuntimeError('log_unavailable', `the bus is down: ${outage.state.cause ?? 'closed'}`);
    try {
      const entries = await readPages(session, channel, options);
      // Asked last, so that what was trimmed while reading shows.
      const facts = await session.commands.logState(channel, after ?? LOG_START);
      return { entries, reachesBack: reachesBack(after, facts) };
    } catch (error) {
      throw new RuntimeError('log_unavailable', `the log of ${channel} cannot be read`, { cause: error });
    }
  }

  return {
    get state() {
      return outage.state;
    },
    onState: outage.onState,
    publish: publisher.publish,
    flush: publisher.flush,
    subscribe: subscriber.subscribe,
    readLog,
    async stop() {
      outage.close();
      subscriber.close();
      if (outage.state.status === 'up') await publisher.flush(CLOSING_FLUSH_MS);
      publisher.suspend();
      link.close();
    },
  };
}

async function readPages({ commands }: RedisSession, channel: Channel, options: ReadLogOptions) {
  const { limit, startsWith } = options;
  const entries: LogEntry[] = [];
  let after: string | null = options.after ?? LOG_START;
  while (after !== null && entries.length < limit) {
    const count = Math.min(PAGE_ENTRIES, limit - entries.length);
    const page: RawPage =
      startsWith === undefined
        ? await commands.readPage(channel, after, count)
        : await commands.readFiltered(channel, after, PAGE_ENTRIES, startsWith);
    for (const { id, bytes } of page.entries) entries.push({ id, bytes: withId(bytes, id) });
    after = page.next;
  }
  return entries.slice(0, limit);
}
