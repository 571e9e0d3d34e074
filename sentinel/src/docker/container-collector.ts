/**
 * Asks for the counters of every running container at each tick, and hands on what is answered at once: engines
 * read once a second, when they like, and answer then. One that hangs holds up nobody else.
 */
import { atEndOfTurn, type Clock } from '@pulsewire/runtime';
import type { Collector } from '../collect/collector.js';
import { createLane } from '../collect/lane.js';
import type { ContainerSample } from '../sample.js';
import type { ContainerFacts } from './container-facts.js';
import { deriveStats, parseStats, type StatsReading } from './container-stats.js';

/** Also the `origin` of these samples: readings that fail do not mean that a container is gone. */
export const CONTAINER_COLLECTOR = 'docker';

/** Enough for all containers of most hosts: an engine may take a second for each answer. */
const CONCURRENT_CALLS = 64;
/** An engine whose clock is further off than this is not believed about the time. */
const MAX_CLOCK_DIFFERENCE_MS = 2000;
/** Older values are sent again, marked as stale. */
const STALE_AFTER_MS = 2500;
/** Until then: long enough for an engine to be restarted, and for everybody to see that it is gone. */
const FORGET_AFTER_MS = 300_000;

interface Series {
  reading: StatsReading;
  samples: ContainerSample[];
  readMs: number;
}

export interface ContainerSource {
  /** While there is no engine: those that ran when it was last heard of. An outage is not an empty machine. */
  running(): readonly ContainerFacts[];
  /** Rejects while there is no engine. */
  stats(id: string): Promise<unknown>;
}

/** `onAnswered` receives what came in one turn, fresh; at each tick, the collector itself has only old values. */
export function createContainerCollector(
  source: ContainerSource,
  clock: Clock,
  onAnswered: (samples: readonly ContainerSample[]) => void,
): Collector {
  const series = new Map<string, Series>();
  const lane = createLane(CONCURRENT_CALLS, readWhileOwed);
  const out = new Set<string>();
  const owed = new Set<string>();
  let running: ReadonlyMap<string, ContainerFacts> = new Map();
  let answered: ContainerSample[] = [];
  let closed = false;

  function handOn(): void {
    const samples = answered;
    answered = [];
    if (!closed) onAnswered(samples);
  }

  /**
   * An engine that takes a little longer than the tick's length would be asked at every other tick only: a tick
   * that passed meanwhile is made up for at once, unless others wait for the place.
   */
  async function readWhileOwed(id: string): Promise<void> {
    out.add(id);
    do {
      owed.delete(id);
      await read(id);
    } while (owed.has(id) && running.has(id) && running.size <= CONCURRENT_CALLS);
    out.delete(id);
    owed.delete(id);
  }

  async function read(id: string): Promise<void> {
    try {
      const reading = parseStats(await source.stats(id));
      const facts = running.get(id);
      if (reading === null || facts === undefined) return;
      const identity = { container: facts.name, containerId: id };
      const readAtMs = believedTime(reading.readAtMs, clock.nowMs());
      const samples = deriveStats(series.get(id)?.reading ?? null, reading, identity).map((sample) => ({
        ...sample,
        readAtMs,
      }));
      series.set(id, { reading, samples, readMs: clock.monotonicMs() });
      if (answered.length === 0 && samples.length > 0) atEndOfTurn(handOn);
      answered.push(...samples);
    } catch {
      // Stopped between list and reading, or no engine: what is known grows old, or goes with the container.
    }
  }

  return {
    name: CONTAINER_COLLECTOR,
    collect(monotonicMs) {
      running = new Map(source.running().map((facts) => [facts.id, facts]));
      for (const id of series.keys()) if (!running.has(id)) series.delete(id);
      for (const id of out) owed.add(id);
      // Whoever answers calls back; nobody waits for the slowest.
      void lane([...running.keys()]);
      return [...series.values()].flatMap((entry) => oldSamples(entry, monotonicMs));
    },
    close() {
      closed = true;
    },
  };
}

function oldSamples({ readMs, samples }: Series, nowMs: number): ContainerSample[] {
  const staleMs = Math.round(nowMs - readMs);
  if (staleMs < STALE_AFTER_MS || staleMs > FORGET_AFTER_MS) return [];
  return samples.map(({ readAtMs: _then, ...sample }) => ({ ...sample, staleMs }));
}

function believedTime(readAtMs: number, nowMs: number): number {
  return Math.abs(nowMs - readAtMs) <= MAX_CLOCK_DIFFERENCE_MS ? readAtMs : nowMs;
}
