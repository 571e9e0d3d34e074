/** Chooses how this machine is read. */
import { existsSync } from 'node:fs';
import type { Clock } from '@pulsewire/runtime';
import type { Collector } from './collector.js';
import { createLinuxCollectors } from './linux.js';
import { createPortableCollectors } from './portable.js';

export function createHostCollectors(clock: Clock): Collector[] {
  if (process.platform === 'linux' && existsSync('/proc/stat')) return createLinuxCollectors(clock);
  return createPortableCollectors(async () => (await import('systeminformation')).default);
}
