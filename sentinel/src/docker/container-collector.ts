/** Reads the counters of every running container at each tick. One that hangs holds up nobody else. */
import type { Clock } from '@pulsewire/runtime';
import type { Collector } from '../collect/collector.js';
import { gatherWithin } from '../collect/gather.js';
import { createLane } from '../collect/lane.js';
import type { ContainerSample } from '../sample.js';
import type { ContainerFacts } from './container-facts.js';
import { deriveStats, parseStats, type StatsReading } from './container-stats.js';

/** Also the `origin` of these samples: readings that fail do not mean that a container is gone. */
export const CONTAINER_COLLECTOR = 'docker';

const CONCURRENT_CALLS = 8;
/** What answers later is sent with the next tick. */
const PATIENCE_MS = 500;
/** Older values are sent again, marked as stale. */
const STALE_AFTER_MS = 2500;
/** Until then: long enough for an engine to be restarted, and for everybody to see that it is gone. */
const FORGET_AFTER_MS = 300_000;

interface Series {
  reading: StatsReading;
  samples: ContainerSample[];
  readMs: number;
  sent: boolean;
}

export interface ContainerSource {
  /** While there is no engine: those that ran when it was last heard of. An outage is not an empty machine. */
  running(): readonly ContainerFacts[];
  /** Rejects while there is no engine. */
  stats(id: string): Promise<unknown>;
}

export function createContainerCollector(source: ContainerSource, clock: Clock): Collector {
  const series = new Map<string, Series>();
  const lane = createLane(CONCURRENT_CALLS, read);
  let running: ReadonlyMap<string, ContainerFacts> = new Map();

  async function read(id: string): Promise<void> {
    try {
      const reading = parseStats(await source.stats(id));
      const facts = running.get(id);
      if (reading === null || facts === undefined) return;
      const identity = { container: facts.name, containerId: id };
      const samples = deriveStats(series.get(id)?.reading ?? null, reading, identity);
      series.set(id, { reading, samples, readMs: clock.monotonicMs(), sent: false });
    } catch {
      // Stopped between list and reading, or no engine: what is known grows old, or goes with the container.
    }
  }

  return {
    name: CONTAINER_COLLECTOR,
    async collect() {
      const now = () => new Map(source.running().map((facts) => [facts.id, facts]));
      running = now();
      await gatherWithin(clock, PATIENCE_MS, lane([...running.keys()]));
      running = now();
      for (const id of series.keys()) if (!running.has(id)) series.delete(id);
      return [...series.values()].flatMap((entry) => takeSamples(entry, clock.monotonicMs()));
    },
  };
}

function takeSamples(entry: Series, nowMs: number): ContainerSample[] {
  if (!entry.sent) {
    entry.sent = true;
    return entry.samples;
  }
  const staleMs = Math.round(nowMs - entry.readMs);
  return staleMs < STALE_AFTER_MS || staleMs > FORGET_AFTER_MS
    ? []
    : entry.samples.map((sample) => ({ ...sample, staleMs }));
}
