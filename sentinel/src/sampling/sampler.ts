/** Runs the collectors on the grid and hands on what they read. Decisions are in grid.ts and slot.ts. */
import type { Cancel, Clock, Logger, Stoppable } from '@pulsewire/runtime';
import type { Collector } from '../collect/collector.js';
import type { Sample } from '../sample.js';
import { decideTick, firstTickMs } from './grid.js';
import {
  decideSlot,
  IDLE_SLOT,
  type Slot,
  slotFailed,
  slotStarted,
  slotSucceeded,
  staleForMs,
  staleSamples,
} from './slot.js';

/** A collector that has not answered after this shows as stale from the next tick on. */
export const COLLECT_DEADLINE_MS = 1500;

/** What one collector had to say at one time. Its series that are not in here do not exist any more. */
export interface Batch {
  origin: string;
  timeMs: number;
  samples: readonly Sample[];
}

export interface SamplerEvents {
  /** All that was read at once; more batches follow when slower collectors answer. */
  onBatches(batches: readonly Batch[]): void;
  onCollected(collector: string, durationMs: number): void;
  onFailed(collector: string): void;
  onSkipped(ticks: number): void;
}

export interface SamplerOptions {
  collectors: readonly Collector[];
  intervalMs: number;
  clock: Clock;
  logger: Logger;
  events: SamplerEvents;
}

export interface Sampler extends Stoppable {
  /** Age of a collector's values while it hangs or fails; 0 when it is well. */
  staleForMs(collector: string): number;
}

export function startSampler({ collectors, intervalMs, clock, logger, events }: SamplerOptions): Sampler {
  const slots = new Map<string, Slot>(collectors.map(({ name }) => [name, IDLE_SLOT]));
  let cancel: Cancel;
  let stopped = false;
  let lastTickMs = 0;

  const slotOf = (name: string) => slots.get(name) ?? IDLE_SLOT;

  function succeed(collector: Collector, startedMs: number, samples: readonly Sample[]): void {
    const nowMs = clock.monotonicMs();
    if (slotOf(collector.name).failing) logger.info({ collector: collector.name }, 'collector works again');
    slots.set(collector.name, slotSucceeded(samples, nowMs));
    events.onCollected(collector.name, nowMs - startedMs);
  }

  function fail(collector: Collector, error: unknown): Batch {
    const slot = slotOf(collector.name);
    if (!slot.failing) logger.warn({ collector: collector.name, err: error }, 'collector fails');
    const failed = slotFailed(slot);
    slots.set(collector.name, failed);
    events.onFailed(collector.name);
    return { origin: collector.name, timeMs: lastTickMs, samples: staleSamples(failed, clock.monotonicMs()) };
  }

  async function finish(
    collector: Collector,
    startedMs: number,
    timeMs: number,
    pending: Promise<readonly Sample[]>,
  ) {
    let batch: Batch;
    try {
      const samples = await pending;
      if (stopped) return;
      succeed(collector, startedMs, samples);
      // Stale values may have been sent for later ticks meanwhile: these are newer, and must say so.
      batch = { origin: collector.name, timeMs: timeMs === lastTickMs ? timeMs : clock.nowMs(), samples };
    } catch (error) {
      if (stopped) return;
      batch = fail(collector, error);
    }
    events.onBatches([batch]);
  }

  function run(collector: Collector, timeMs: number): Batch | null {
    const startedMs = clock.monotonicMs();
    const slot = slotOf(collector.name);
    const action = decideSlot(slot, startedMs, COLLECT_DEADLINE_MS);
    if (action === 'wait') return null;
    if (action === 'resend')
      return { origin: collector.name, timeMs, samples: staleSamples(slot, startedMs) };
    slots.set(collector.name, slotStarted(slot, startedMs));
    try {
      const result = collector.collect(startedMs);
      if (result instanceof Promise) {
        void finish(collector, startedMs, timeMs, result);
        return null;
      }
      succeed(collector, startedMs, result);
      return { origin: collector.name, timeMs, samples: result };
    } catch (error) {
      return fail(collector, error);
    }
  }

  function sampleAt(timeMs: number): void {
    lastTickMs = timeMs;
    const batches = collectors.map((collector) => run(collector, timeMs)).filter((batch) => batch !== null);
    if (batches.length > 0) events.onBatches(batches);
  }

  function schedule(dueMs: number): void {
    cancel = clock.after(Math.max(0, dueMs - clock.nowMs()), () => {
      const tick = decideTick(dueMs, clock.nowMs(), intervalMs);
      if (tick.skipped > 0) events.onSkipped(tick.skipped);
      // The next one is scheduled first: whatever happens in this tick, the grid goes on.
      schedule(tick.nextMs);
      sampleAt(tick.timeMs);
    });
  }

  // A first reading at once, off the grid: what needs no second one (memory, disk) shows without delay.
  schedule(firstTickMs(clock.nowMs(), intervalMs));
  sampleAt(clock.nowMs());
  return {
    staleForMs: (name) => staleForMs(slotOf(name), clock.monotonicMs(), COLLECT_DEADLINE_MS),
    async stop() {
      stopped = true;
      cancel();
      for (const collector of collectors) collector.close?.();
    },
  };
}
