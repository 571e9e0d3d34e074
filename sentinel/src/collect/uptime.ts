/** Seconds since boot, from /proc/uptime. */
import { type HostSample, hostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';

/** Never throws; empty when the text is not understood. */
export function parseUptime(text: string): HostSample[] {
  const match = /^(\d{1,15}(?:\.\d+)?)(?:\s|$)/.exec(text);
  return match === null ? [] : [hostSample('uptime', Number(match[1]))];
}

export function createUptimeCollector(read: ReadText): Collector {
  return { name: 'uptime', collect: () => parseUptime(read('/proc/uptime')) };
}
