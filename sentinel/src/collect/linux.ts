/** All host collectors of Linux: the kernel's own files, no process forked, nothing that scans. */
import { readdir, readFile, statfs } from 'node:fs/promises';
import type { Clock } from '@pulsewire/runtime';
import type { Collector } from './collector.js';
import { createCpuCollector } from './cpu.js';
import { createDiskCollector } from './disk.js';
import { createDiskIoCollector } from './disk-io.js';
import { createLoadCollector } from './load.js';
import { createMemoryCollector } from './memory.js';
import { createNetworkCollector } from './network.js';
import { createProcReader } from './proc-reader.js';
import { createTemperatureCollector } from './temperature.js';
import { createUptimeCollector } from './uptime.js';

export function createLinuxCollectors(clock: Clock): Collector[] {
  const reader = createProcReader();
  const { read } = reader;
  return [
    { ...createCpuCollector(read), close: reader.close },
    createMemoryCollector(read),
    createLoadCollector(read),
    createNetworkCollector(read),
    createDiskIoCollector(read),
    createUptimeCollector(read),
    createDiskCollector({ read, statfs, clock }),
    createTemperatureCollector({ readdir: (path) => readdir(path), readFile }),
  ];
}
