/**
 * One place of a Redis bus, a server or a Cluster's node for one channel, from its connections to what is published
 * and subscribed there: the *link* keeps a session alive, the *publisher* empties the outbox into it, the
 * *subscriber* brings subscriptions from the log to live, and the troubles of all three are told.
 */
import type { Channel } from '@pulsewire/shared-schema';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { LogEntry, LogPage, ReadLogOptions } from './bus.js';
import type { BusMetrics } from './bus-metrics.js';
import { withId } from './envelope.js';
import { LOG_START, reachesBack } from './log-position.js';
import type { PlaceTroubles } from './outage.js';
import type { Outbox } from './outbox.js';
import { createPublisher, type Publisher } from './publisher.js';
import type { RawPage, RedisCommands } from './redis-commands.js';
import type { RedisDialect } from './redis-dialect.js';
import { createRedisLink } from './redis-link.js';
import type { RedisPlace } from './redis-place.js';
import type { RedisSession } from './redis-session.js';
import { isRedisAnswer, type Trouble } from './refusal.js';
import { createSubscriber, type Subscriber } from './subscriber.js';

export interface RedisLaneOptions {
  place: RedisPlace;
  dialect: RedisDialect;
  outbox: Outbox;
  troubles: PlaceTroubles;
  /** Shown by `CLIENT LIST`. */
  name: string;
  /** Unguessable, the same for all lanes of a bus. */
  instance: string;
  clock: Clock;
  logger: Logger;
  metrics: BusMetrics;
}

export interface RedisLane {
  /** Why nothing can be published or read here now; `null` when it can. */
  readonly trouble: Trouble | null;
  readonly publisher: Publisher;
  readonly subscriber: Pick<Subscriber, 'subscribe'>;
  /** `null` while there is no connection. Rejects when Redis does not answer well. */
  readLog(channel: Channel, options: ReadLogOptions): Promise<LogPage> | null;
  /** No subscription receives anything from now on. */
  silence(): void;
  close(): void;
}

const PAGE_ENTRIES = 1000;

export function createRedisLane(options: RedisLaneOptions): RedisLane {
  const { place, dialect, outbox, troubles, name, instance, clock, logger, metrics } = options;
  const publisher = createPublisher({
    outbox,
    clock,
    logger,
    metrics,
    onRefusal(trouble) {
      troubles.publishingIs(trouble);
      // Asked at once, the node says the same to a probe, and that makes a session elsewhere.
      if (trouble?.cause === 'slot_moved') link.session?.probe();
    },
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
    { place, dialect, name, instance, clock },
    {
      recover: (session) => subscriber.attachAll(session),
      onUp(session) {
        troubles.linkIs(null);
        publisher.resume((batch) => send(session, batch));
      },
      onDown(trouble, lost) {
        if (lost) publisher.suspend();
        if (lost) subscriber.hold();
        troubles.linkIs(trouble);
      },
      onMessage: (channel, bytes) => subscriber.receive(channel, bytes),
      onAnswer({ roundTripMs, barrier, refusal }) {
        metrics.roundTrip(roundTripMs / 1000);
        if (barrier !== null) subscriber.barrier(barrier);
        troubles.probedIs(refusal);
      },
    },
  );

  async function send(session: RedisSession, batch: Parameters<RedisCommands['append']>[1]) {
    if (session.subscribed()) return session.commands().append(instance, batch);
    link.note('sent');
    try {
      await session.commands().append(instance, batch);
    } catch (error) {
      // A refusal is an answer, too: Redis is not silent.
      if (isRedisAnswer(error)) link.note('answered');
      throw error;
    }
    link.note('answered');
    return undefined;
  }

  return {
    get trouble() {
      return troubles.current;
    },
    publisher,
    subscriber,
    readLog: (channel, wanted) => (link.session === null ? null : readLog(link.session, channel, wanted)),
    silence: () => subscriber.close(),
    close() {
      publisher.suspend();
      link.close();
    },
  };
}

async function readLog(session: RedisSession, channel: Channel, options: ReadLogOptions): Promise<LogPage> {
  const entries = await readPages(session, channel, options);
  // Asked last, so that what was trimmed while reading shows.
  const facts = await session.commands().logState(channel, options.after ?? LOG_START);
  const { lastId, entries: logEntries } = facts;
  return { entries, reachesBack: reachesBack(options.after, facts), logEntries, lastId };
}

async function readPages(session: RedisSession, channel: Channel, options: ReadLogOptions) {
  const commands = session.commands();
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
