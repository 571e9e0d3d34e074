/**
 * Metrics of one container from two of the engine's readings. CPU is from our own two readings, not from the
 * `precpu` pair, which a one-shot reading does not have. Memory leaves out the page cache that can be had back
 * at once, as `docker stats` does.
 */
import type { ContainerSample } from '../sample.js';
import { clampPercent } from '../sample.js';
import { field } from './container-facts.js';

/** `null`: the engine did not tell, as for a container without network. Times of the engine's clock. */
export interface StatsReading {
  readAtMs: number;
  cpuNanoseconds: number | null;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  receivedBytes: number | null;
  sentBytes: number | null;
}

/** Never throws; `null` for what is no reading, such as that of a container that has just stopped. */
export function parseStats(value: unknown): StatsReading | null {
  const readAtMs = Date.parse(String(field(value, 'read')));
  if (!(readAtMs > 0)) return null;
  const memory = field(value, 'memory_stats');
  const networks = field(value, 'networks');
  return {
    readAtMs,
    cpuNanoseconds: count(field(field(field(value, 'cpu_stats'), 'cpu_usage'), 'total_usage')),
    memoryBytes: readMemory(memory),
    memoryLimitBytes: count(field(memory, 'limit')),
    receivedBytes: sumOver(networks, 'rx_bytes'),
    sentBytes: sumOver(networks, 'tx_bytes'),
  };
}

export function deriveStats(
  before: StatsReading | null,
  now: StatsReading,
  identity: { container: string; containerId: string },
): ContainerSample[] {
  const samples: ContainerSample[] = [];
  const push = (metricType: ContainerSample['metricType'], value: number | null) => {
    if (value !== null) samples.push({ source: 'container', metricType, value, ...identity });
  };
  const seconds = before === null ? 0 : (now.readAtMs - before.readAtMs) / 1000;
  const rate = (earlier: number | null | undefined, later: number | null) =>
    earlier === null || earlier === undefined || later === null || !(seconds > 0) || later < earlier
      ? null
      : (later - earlier) / seconds;
  const cpuRate = rate(before?.cpuNanoseconds, now.cpuNanoseconds);
  push('cpu', cpuRate === null ? null : cpuRate / 1e7);
  if (now.memoryBytes !== null) {
    const limit = now.memoryLimitBytes;
    push('mem', limit === null || limit === 0 ? null : clampPercent((100 * now.memoryBytes) / limit));
    push('mem_bytes', now.memoryBytes);
  }
  push('net_rx', rate(before?.receivedBytes, now.receivedBytes));
  push('net_tx', rate(before?.sentBytes, now.sentBytes));
  return samples;
}

/** cgroup v2 calls the cache `inactive_file`, v1 `total_inactive_file`. */
function readMemory(memory: unknown): number | null {
  const usage = count(field(memory, 'usage'));
  if (usage === null) return null;
  const details = field(memory, 'stats');
  const cache = count(field(details, 'total_inactive_file')) ?? count(field(details, 'inactive_file')) ?? 0;
  return cache < usage ? usage - cache : usage;
}

function sumOver(networks: unknown, name: string): number | null {
  if (typeof networks !== 'object' || networks === null) return null;
  const counts = Object.values(networks).map((network) => count(field(network, name)));
  if (counts.length === 0) return null;
  return counts.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function count(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : null;
}
