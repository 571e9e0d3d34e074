/** Load averages from /proc/loadavg. */
import { type HostSample, hostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';

const NUMBERS = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)(?: |$)/;

/** Never throws; empty when the text is not understood. */
export function parseLoad(text: string): HostSample[] {
  const match = NUMBERS.exec(text);
  if (match === null) return [];
  const loads = match.slice(1).map(Number);
  if (!loads.every(Number.isFinite)) return [];
  return (['load1', 'load5', 'load15'] as const).map((type, index) => hostSample(type, loads[index] ?? 0));
}

export function createLoadCollector(read: ReadText): Collector {
  return { name: 'load', collect: () => parseLoad(read('/proc/loadavg')) };
}
