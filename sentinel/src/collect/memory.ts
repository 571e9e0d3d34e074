/** Memory and swap in use, from /proc/meminfo. Memory that can be had back at once does not count as used. */
import { clampPercent, type HostSample, hostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';

/** Kibibytes by name, as in the file. */
export type MemoryReading = ReadonlyMap<string, number>;

const LINE = /^(\w+):\s+(\d{1,15})(?: kB)?\s*$/gm;

/** Never throws; lines that are not understood are left out. */
export function parseMemory(text: string): MemoryReading {
  const reading = new Map<string, number>();
  for (const [, name, kibibytes] of text.matchAll(LINE)) if (name) reading.set(name, Number(kibibytes));
  return reading;
}

/** A machine without swap has no `swap` sample. */
export function deriveMemory(reading: MemoryReading): HostSample[] {
  const total = reading.get('MemTotal');
  const samples: HostSample[] = [];
  const available = reading.get('MemAvailable') ?? estimateAvailable(reading);
  if (total !== undefined && available !== null) pushUsed(samples, 'mem', total, available);
  const swapFree = reading.get('SwapFree');
  if (swapFree !== undefined) pushUsed(samples, 'swap', reading.get('SwapTotal') ?? 0, swapFree);
  return samples;
}

export function createMemoryCollector(read: ReadText): Collector {
  return { name: 'memory', collect: () => deriveMemory(parseMemory(read('/proc/meminfo'))) };
}

/** Kernels before 3.14 do not tell what is available. */
function estimateAvailable(reading: MemoryReading): number | null {
  const free = reading.get('MemFree');
  return free === undefined ? null : free + (reading.get('Buffers') ?? 0) + (reading.get('Cached') ?? 0);
}

function pushUsed(samples: HostSample[], metricType: 'mem' | 'swap', total: number, free: number): void {
  const percent = total > 0 ? clampPercent((100 * (total - free)) / total) : null;
  if (percent !== null) samples.push(hostSample(metricType, percent));
}
