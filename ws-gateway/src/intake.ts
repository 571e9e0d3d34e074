/**
 * From the bus to arrivals. A gateway that has just started reads the end of each log, subscribes to what comes after
 * that, without a gap, and then reads what lies before the end, so that it knows every firing alert.
 */
import {
  type Bus,
  type Clock,
  type DeliveryGap,
  delay,
  type Logger,
  type Stoppable,
  type Subscription,
} from '@pulsewire/runtime';
import { CHANNELS, type Channel } from '@pulsewire/shared-schema';
import { type Arrival, acceptDelivery } from './arrival.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { createKnownSamples } from './known-samples.js';
import { readLogBeginning, readLogEnd } from './log-ends.js';
import { createPriming } from './priming.js';
import type { RecentLog } from './recent-log.js';
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
  /** Everything that comes from now on is an arrival, and what came last is in the memory. */
  onLive(): void;
  /** The snapshot was filled from the logs. Comes after {@link IntakeOptions.onLive}. */
  onPrimed(): void;
}

const ALL_CHANNELS: readonly Channel[] = Object.values(CHANNELS);
/** Logs have no place in the snapshot, so theirs is not read. */
const PRIMED_CHANNELS: readonly Channel[] = [CHANNELS.metrics, CHANNELS.events];
/** To read the logs while the bus is up. */
const MAX_ATTEMPTS = 5;
const RETRY_MS = 500;
/** Below all that arrives. */
const OLDEST_SEQ = -1e9;

export function createPosition(): Position {
  return { lastSeq: 0, lastMessageAtMs: null };
}

/**
 * Resolves when the snapshot is filled, or at once while the bus is down, as one that connects is; it is then filled
 * when it is up.
 */
export async function startIntake(options: IntakeOptions): Promise<Stoppable> {
  const { bus, clock, metrics, snapshot, recentLog, position } = options;
  const knownSamples = createKnownSamples();
  const refusedLog = createRefusedLog(options.logger, clock);
  const priming = createPriming(snapshot);
  /** Where the end of each log that could be read begins. */
  const beginnings = new Map<Channel, string>();
  let subscription: Subscription | null = null;
  let oldSeq = OLDEST_SEQ;
  let busy = false;
  let primed = false;
  let stopped = false;

  function check(channel: Channel, id: string | null, bytes: Buffer, seq: number): Arrival | null {
    const accepted = acceptDelivery({ channel, id, bytes }, seq, clock.monotonicMs(), knownSamples);
    if (accepted.ok) return accepted.arrival;
    metrics.busMessageRefused(accepted.reason);
    refusedLog.note(accepted.reason);
    return null;
  }

  function accept(channel: Channel, id: string | null, bytes: Buffer): Arrival | null {
    const arrival = check(channel, id, bytes, position.lastSeq + 1);
    if (arrival === null) return null;
    position.lastSeq = arrival.seq;
    priming.note(arrival);
    recentLog.note(arrival);
    return arrival;
  }

  const isUp = () => bus.state.status === 'up';

  async function readEnds(): Promise<Partial<Record<Channel, string>>> {
    let after: Partial<Record<Channel, string>> = {};
    await tryOften(async () => {
      after = {};
      priming.restart();
      beginnings.clear();
      for (const channel of PRIMED_CHANNELS) recentLog.lose(channel);
      let isWhole = true;
      for (const channel of PRIMED_CHANNELS) {
        const read = readLogEnd(bus, channel, ({ entries, reached, startsAfter, floor }) => {
          if (startsAfter !== null) beginnings.set(channel, startsAfter);
          if (floor !== null) recentLog.begin(channel, floor);
          for (const { id, bytes } of entries) accept(channel, id, bytes);
          after[channel] = reached;
        });
        isWhole = (await isDone(read)) && isWhole;
        if (!isUp()) return false;
      }
      return isWhole;
    });
    return after;
  }

  async function readBeginnings(): Promise<void> {
    const isWhole = await tryOften(async () => {
      priming.restartOld();
      for (const [channel, upTo] of beginnings) {
        const read = readLogBeginning(bus, channel, upTo, ({ id, bytes }) => {
          oldSeq += 1;
          const arrival = check(channel, id, bytes, oldSeq);
          if (arrival !== null) priming.noteOld(arrival);
        });
        if (!(await isDone(read))) return false;
      }
      return true;
    });
    // Half of it has alerts that are over.
    if (!isWhole) priming.restartOld();
  }

  /** While the bus is up. Returns whether it was done at last. */
  async function tryOften(read: () => Promise<boolean>): Promise<boolean> {
    for (let attempts = 1; ; attempts += 1) {
      if (await read()) return true;
      if (attempts >= MAX_ATTEMPTS || stopped || !isUp()) return false;
      await delay(clock, RETRY_MS);
      if (stopped || !isUp()) return false;
    }
  }

  async function isDone(reading: Promise<void>): Promise<boolean> {
    try {
      await reading;
      return true;
    } catch (error) {
      options.logger.warn({ err: error }, 'the logs could not be read for the snapshot');
      return false;
    }
  }

  /** When the bus is down again in the middle, that begins anew when it is up; while it is up, live messages matter more than old ones. */
  async function advance(): Promise<void> {
    if (subscription === null) {
      const after = await readEnds();
      if (stopped || !isUp()) return;
      subscription = bus.subscribe({ channels: ALL_CHANNELS, after, onMessage: deliver, onGap });
      options.onLive();
    }
    await readBeginnings();
    if (stopped || !isUp()) return;
    primed = true;
    priming.finish();
    options.onPrimed();
  }

  async function start(): Promise<void> {
    if (busy) return;
    busy = true;
    while (!primed && !stopped && isUp()) await advance();
    busy = false;
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
