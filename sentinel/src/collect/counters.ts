/**
 * Rates from pairs of ever-growing byte counters, one pair per device. A counter that went back was reset or
 * has wrapped: that device says nothing this once, rather than a negative or an absurd rate.
 */

/** In and out: received and sent, or read and written, in bytes. */
export interface BytePair {
  inBytes: number;
  outBytes: number;
}

export interface CounterReading {
  monotonicMs: number;
  devices: ReadonlyMap<string, BytePair>;
}

/** Bytes per second over all devices that both readings have; `null` when no time has passed. */
export function deriveRates(
  before: CounterReading,
  now: CounterReading,
): { inPerSecond: number; outPerSecond: number } | null {
  const seconds = (now.monotonicMs - before.monotonicMs) / 1000;
  if (!(seconds > 0)) return null;
  let inBytes = 0;
  let outBytes = 0;
  for (const [name, pair] of now.devices) {
    const earlier = before.devices.get(name);
    if (earlier === undefined) continue;
    inBytes += Math.max(0, pair.inBytes - earlier.inBytes);
    outBytes += Math.max(0, pair.outBytes - earlier.outBytes);
  }
  return { inPerSecond: inBytes / seconds, outPerSecond: outBytes / seconds };
}
