/**
 * From the bus to arrivals. Before it subscribes, the snapshot is filled from the logs, so that a gateway which
 * has just started knows every firing alert; the subscription then continues after what was read, without a gap.
 */
import type { Bus, Clock, DeliveryGap, Logger, LogPage, Stoppable, Subscription } from '@pulsewire/runtime';
import { CHANNELS, type Channel } from '@pulsewire/shared-schema';
import { type Arrival, acceptDelivery } from './arrival.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { createKnownSamples } from './known-samples.js';
import { createNewestEntries } from './newest-entries.js';
import { MAX_RECENT_ENTRIES, type RecentLog } from './recent-log.js';
import { createRefusedLog } from './refused-log.js';
import type { Snapshot } from './snapshot.js';

/** How far the gateway has come. Written by the intake, read by everybody. */
export interface Position {
  lastSeq: number;
  /** When the last valid message came, epoch milliseconds; `null` before any. */
  lastMessageAtMs: number | null;
}

export interface IntakeOptions {
  bus: Bus;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  snapshot: Snapshot;
  recentLog: RecentLog;
  position: Position;
  /** `recovered`: read from the log after a disconnect. */
  onArrival(arrival: Arrival, recovered: boolean): void;
  /** The snapshot was filled from the logs. */
  onPrimed(): void;
}

const PAGE_ENTRIES = 1000;
/** Held until they are looked at. A small entry may keep the block of 8 KiB alive that it was read into. */
const MAX_HELD_ENTRIES = 2000;
const ALL_CHANNELS: readonly Channel[] = Object.values(CHANNELS);
/** Logs have no place in the snapshot, so theirs is not read. */
const PRIMED_CHANNELS: readonly Channel[] = [CHANNELS.metrics, CHANNELS.events];
const LOG_START = '0-0';

export function createPosition(): Position {
  return { lastSeq: 0, lastMessageAtMs: null };
}

/** Resolves when the snapshot is filled, or at once while the bus is down; it is then filled when it is up. */
export async function startIntake(options: IntakeOptions): Promise<Stoppable> {
  const { bus, clock, metrics, snapshot, recentLog, position } = options;
  const knownSamples = createKnownSamples();
  const refusedLog = createRefusedLog(options.logger, clock);
  let subscription: Subscription | null = null;
  let starting = false;
  let stopped = false;

  function check(channel: Channel, id: string | null, bytes: Buffer): Arrival | null {
    const delivery = { channel, id, bytes };
    const accepted = acceptDelivery(delivery, position.lastSeq + 1, clock.monotonicMs(), knownSamples);
    if (!accepted.ok) {
      metrics.busMessageRefused(accepted.reason);
      refusedLog.note(accepted.reason);
      return null;
    }
    position.lastSeq += 1;
    snapshot.note(accepted.arrival);
    return accepted.arrival;
  }

  function accept(channel: Channel, id: string | null, bytes: Buffer): Arrival | null {
    const arrival = check(channel, id, bytes);
    if (arrival !== null) recentLog.note(arrival);
    return arrival;
  }

  const isUp = () => bus.state.status === 'up';

  /** Notes in `reached` how far it has come, also when it fails half-way. */
  async function prime(channel: Channel, reached: Partial<Record<Channel, string>>): Promise<void> {
    recentLog.lose(channel);
    const old = createNewestEntries();
    const acceptOld = () => {
      for (const { id, bytes } of old.take()) check(channel, id, bytes);
    };
    const read = (after: string) => bus.readLog(channel, { after, limit: PAGE_ENTRIES });
    let readEntries = 0;
    let isOld = true;
    try {
      for (let next: Promise<LogPage> | null = read(LOG_START); next !== null; ) {
        const after = reached[channel] ?? LOG_START;
        const { entries, reachesBack, logEntries }: LogPage = await next;
        const last = entries.at(-1)?.id ?? after;
        // On its way while this one is looked at.
        next = entries.length < PAGE_ENTRIES ? null : read(last);
        readEntries += entries.length;
        // What is trimmed meanwhile was read before: at least so many come behind these.
        isOld &&= logEntries - readEntries >= MAX_RECENT_ENTRIES;
        if (isOld) for (const entry of entries) old.add(entry);
        if (!isOld || old.size >= MAX_HELD_ENTRIES) acceptOld();
        if (isOld) recentLog.begin(channel, last);
        else if (after === LOG_START && reachesBack) recentLog.begin(channel, after);
        if (!isOld) for (const { id, bytes } of entries) accept(channel, id, bytes);
        reached[channel] = last;
      }
    } finally {
      acceptOld();
    }
  }

  async function start(): Promise<void> {
    if (starting || !isUp()) return;
    starting = true;
    const after: Partial<Record<Channel, string>> = {};
    try {
      for (const channel of PRIMED_CHANNELS) await prime(channel, after);
    } catch (error) {
      // Down again: everything begins anew when it is up. Otherwise live messages matter more than old ones.
      starting = isUp();
      options.logger.warn({ err: error, retry: !starting }, 'the logs could not be read for the snapshot');
      if (!starting) return;
    }
    if (stopped) return;
    subscription = bus.subscribe({ channels: ALL_CHANNELS, after, onMessage: deliver, onGap });
    options.onPrimed();
  }

  function deliver(delivery: {
    channel: Channel;
    id: string | null;
    bytes: Buffer;
    recovered: boolean;
  }): void {
    metrics.busMessage();
    const arrival = accept(delivery.channel, delivery.id, delivery.bytes);
    if (arrival === null) return;
    position.lastMessageAtMs = clock.nowMs();
    options.onArrival(arrival, delivery.recovered);
  }

  function onGap({ channel, after }: DeliveryGap): void {
    recentLog.lose(channel);
    options.logger.info({ channel, after }, 'the log no longer reaches back; messages may be missing');
  }

  const unwatch = bus.onState(() => void start());
  await start();
  return {
    async stop() {
      stopped = true;
      unwatch();
      refusedLog.stop();
      await subscription?.stop();
    },
  };
}
