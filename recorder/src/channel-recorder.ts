/**
 * One channel of the bus → the store, every message once. It *catches up* by reading the log page by page, as fast
 * as the database takes it, and is then *live* on a subscription. What does not fit into the queue ends the
 * subscription: it is read from the log again. So memory is bounded, and nothing but the log's reach is.
 */
import { randomUUID } from 'node:crypto';
import {
  type Bus,
  type Cancel,
  type Clock,
  isoTime,
  type Logger,
  type Subscription,
} from '@pulsewire/runtime';
import { type Channel, compareLogIds } from '@pulsewire/shared-schema';
import { type BatchWriter, queryPosition, StoreError } from '@pulsewire/store';
import { buildBatch, countRows, type Entry } from './build-batch.js';
import { createEntryQueue } from './entry-queue.js';
import { createFailureTeller } from './failure-teller.js';
import type { TimeBounds } from './judge-message.js';
import { nextPageEntries, PAGE } from './page-size.js';
import { positionMs } from './reach.js';
import type { RecorderMetrics } from './recorder-metrics.js';
import type { Rest } from './rest.js';
import type { Held, SessionKeeper } from './session-keeper.js';

export interface ChannelRecorder {
  readonly channel: Channel;
  /** The log is recorded up to here; `null` when nothing of it is, or nothing is known yet. */
  readonly position: string | null;
  /** Code of what keeps it from recording; `null` when nothing does. */
  readonly failure: string | null;
  /** True while messages come from the subscription rather than from the log. */
  readonly live: boolean;
  /** Runs until the rest is over, and writes what is queued then. */
  run(): Promise<void>;
  /** Ends waiting for a full batch. */
  wake(): void;
}

export interface ChannelRecorderOptions {
  channel: Channel;
  bus: Bus;
  /** The log of the bus began with this process, so that nobody else records it, and no place before it is in it. */
  ownLog: boolean;
  keeper: SessionKeeper;
  clock: Clock;
  logger: Logger;
  metrics: RecorderMetrics;
  rest: Rest;
  bounds(): TimeBounds;
}

const BATCH_ENTRIES = 5000;
/** Small batches, because the feed waits for each of them where it shares the process. */
const FLUSH_MS = 250;
const RETRY_MS = 1000;
const QUEUE = { entries: 20_000, bytes: 16_777_216 };
/** Before every entry of a log. */
const LOG_START = '0-0';

export function createChannelRecorder(options: ChannelRecorderOptions): ChannelRecorder {
  const { channel, bus, ownLog, keeper, clock, metrics, rest } = options;
  const logger = options.logger.child({ channel });
  const failures = createFailureTeller(logger);
  const queue = createEntryQueue(QUEUE);
  /** As it is stored, to be continued from. */
  let stored: string | null = null;
  /** Where that is in the log. */
  let place = LOG_START;
  let lastQueued = LOG_START;
  let subscription: Subscription | null = null;
  let inFlight: { token: string; entries: number; place: string } | null = null;
  let condemned: { entry: Entry; reason: string } | null = null;
  let flushTimer: Cancel | null = null;
  let wakeUp = () => {};
  let pageEntries: number = PAGE.fewest;

  function wake(): void {
    flushTimer?.();
    flushTimer = null;
    wakeUp();
  }

  /** False when it did not fit. */
  function offer(entry: Entry): boolean {
    // Already recorded, or queued: the log was read from further back than we asked for.
    if (entry.id !== null && compareLogIds(entry.id, lastQueued) <= 0) {
      metrics.skipped();
      return true;
    }
    if (!queue.push(entry)) return false;
    lastQueued = entry.id ?? lastQueued;
    return true;
  }

  function receive(from: () => Subscription | null, entry: Entry): void {
    if (subscription === null || subscription !== from()) return;
    if (!offer(entry)) {
      logger.info({ queued: queue.size }, 'more comes than can be recorded; the rest is read from the log');
      unsubscribe();
    }
    if (queue.size >= BATCH_ENTRIES || subscription === null) wake();
    else flushTimer ??= clock.after(FLUSH_MS, wake);
  }

  function unsubscribe(): void {
    const last = subscription;
    subscription = null;
    last?.stop().catch((error: unknown) => logger.warn({ err: error }, 'the subscription did not end'));
  }

  function subscribe(): void {
    let own: Subscription | null = null;
    own = bus.subscribe({
      channels: [channel],
      after: { [channel]: lastQueued },
      onMessage: ({ id, bytes }) => receive(() => own, { id, bytes }),
      onGap: ({ after }) => noteGap(after, true),
    });
    subscription = own;
  }

  function noteGap(after: string, hasEntries: boolean): void {
    if (after === LOG_START && !ownLog) return;
    if (!hasEntries) {
      // It was begun anew, and whether something was in it nobody can tell.
      logger.info({ after }, 'the log of the bus does not know where recording stopped');
      return;
    }
    metrics.gap();
    logger.warn(
      after === LOG_START ? {} : { after, since: isoTime(positionMs(after)) },
      'the log of the bus does not reach back to where recording stopped; messages are missing',
    );
  }

  /** Continues where the database says, whatever became of the last batch. */
  async function settle({ session }: Held): Promise<void> {
    const { position, token } = await queryPosition(session, channel);
    const written = inFlight?.token === token ? inFlight : null;
    if (written !== null) queue.drop(written.entries);
    inFlight = null;
    stored = position;
    // A place that an earlier process left, or another one, is none in a log of our own.
    const at = ownLog ? (written?.place ?? place) : (position ?? LOG_START);
    // Behind what we knew, such as a database that was restored from a copy.
    if (compareLogIds(at, place) < 0) {
      unsubscribe();
      queue.clear();
    }
    place = at;
    const recorded =
      queue.peek(queue.size).findLastIndex(({ id }) => id !== null && compareLogIds(id, at) <= 0) + 1;
    queue.drop(recorded);
    if (queue.size === 0) lastQueued = at;
  }

  async function catchUp(writer: BatchWriter): Promise<void> {
    let atEnd = false;
    while (!atEnd && !rest.over) {
      const limit = pageEntries;
      const page = await bus.readLog(channel, { after: lastQueued, limit });
      if (!page.reachesBack) noteGap(lastQueued, page.entries.length > 0);
      const fits = page.entries.every(offer);
      atEnd = fits && page.entries.length < limit;
      pageEntries = nextPageEntries(page.entries, limit);
      if (!fits || queue.size >= BATCH_ENTRIES || queue.bytes >= PAGE.bytes) await writeAll(writer);
    }
    await writeAll(writer);
    if (!rest.over) subscribe();
  }

  async function stayLive(writer: BatchWriter): Promise<void> {
    while (!rest.over && subscription !== null) {
      const isDue = queue.size >= BATCH_ENTRIES || (queue.size > 0 && flushTimer === null);
      if (!isDue)
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      await writeAll(writer);
    }
  }

  /** What is queued now. What comes meanwhile waits for its own batch. */
  async function writeAll(writer: BatchWriter): Promise<void> {
    let most = BATCH_ENTRIES;
    let left = queue.size;
    while (left > 0) {
      const entries = queue.peek(Math.min(most, left));
      try {
        await write(writer, entries);
        left -= entries.length;
        if (condemned !== null) most = BATCH_ENTRIES;
        condemned = null;
      } catch (error) {
        const isRefused = error instanceof StoreError && error.code === 'row_refused';
        const [entry] = entries;
        if (!isRefused || entry === undefined || condemned !== null) throw error;
        // Halved until the row that is refused is alone; then it is put aside.
        inFlight = null;
        if (entries.length === 1) condemned = { entry, reason: error.code };
        else most = Math.ceil(entries.length / 2);
      }
    }
  }

  async function write(writer: BatchWriter, entries: readonly Entry[]): Promise<void> {
    const token = randomUUID();
    const bounds = options.bounds();
    const batch = buildBatch({ channel, after: stored, token, entries, bounds, condemned });
    const reached = entries.findLast(({ id }) => id !== null)?.id ?? place;
    inFlight = { token, entries: entries.length, place: reached };
    const startMs = clock.monotonicMs();
    await writer.write(batch);
    failures.succeeded();
    inFlight = null;
    stored = batch.position;
    place = reached;
    queue.drop(entries.length);
    const first = entries.find(({ id }) => id !== null)?.id;
    metrics.wrote({
      rows: countRows(batch),
      deadLetters: batch.deadLetters.length,
      durationMs: clock.monotonicMs() - startMs,
      lagMs: first === undefined || first === null ? null : clock.nowMs() - positionMs(first),
    });
  }

  async function record(): Promise<void> {
    const held = await keeper.session();
    if (held === null) return;
    await settle(held);
    await writeAll(held.writer);
    if (subscription === null) await catchUp(held.writer);
    await stayLive(held.writer);
  }

  return {
    channel,
    get position() {
      return place === LOG_START ? null : place;
    },
    get failure() {
      return failures.code;
    },
    get live() {
      return subscription !== null;
    },
    async run() {
      while (!rest.over) {
        try {
          await record();
        } catch (error) {
          metrics.failed(failures.failed(error));
          await rest.sleep(RETRY_MS);
        }
      }
      unsubscribe();
      flushTimer?.();
    },
    wake,
  };
}
