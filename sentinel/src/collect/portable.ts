/**
 * Host collectors where there is no /proc: systeminformation, which asks each platform in its own way. It forks
 * processes on some, so each metric is its own collector and may be slow without delaying the others.
 */
import { loadavg, uptime } from 'node:os';
import { clampPercent, type HostSample, hostSample } from '../sample.js';
import type { Collector } from './collector.js';

/** The part of systeminformation that is used. Platforms leave out what they cannot tell. */
export interface SystemInformation {
  currentLoad(): Promise<{ currentLoad: number; cpus: { load: number }[] }>;
  mem(): Promise<{ total: number; available: number; swaptotal: number; swapused: number }>;
  fsSize(): Promise<{ mount: string; use: number }[]>;
  networkStats(interfaces: string): Promise<{ rx_sec: number | null; tx_sec: number | null }[]>;
  fsStats(): Promise<{ rx_sec: number | null; wx_sec: number | null } | null>;
  cpuTemperature(): Promise<{ main: number | null }>;
}

export function createPortableCollectors(load: () => Promise<SystemInformation>): Collector[] {
  let loading: Promise<SystemInformation> | undefined;
  const collector = (
    name: string,
    collect: (information: SystemInformation) => Promise<HostSample[]>,
  ): Collector => ({
    name,
    async collect() {
      loading ??= load();
      return collect(await loading);
    },
  });
  return [
    collector('cpu', async (information) => deriveLoad(await information.currentLoad())),
    collector('memory', async (information) => deriveMemory(await information.mem())),
    collector('disk', async (information) => deriveSpaces(await information.fsSize())),
    collector('network', async (information) => deriveNetwork(await information.networkStats('*'))),
    collector('disk_io', async (information) => {
      const stats = await information.fsStats();
      return [...bytes('disk_read', stats?.rx_sec), ...bytes('disk_write', stats?.wx_sec)];
    }),
    collector('temperature', async (information) => {
      const { main } = await information.cpuTemperature();
      return main !== null && main > 0 ? [hostSample('temperature', main)] : [];
    }),
    { name: 'load', collect: collectLoad },
    { name: 'uptime', collect: () => [hostSample('uptime', uptime())] },
  ];
}

function deriveLoad({ currentLoad, cpus }: { currentLoad: number; cpus: { load: number }[] }): HostSample[] {
  const cores = cpus.flatMap(({ load }, core) =>
    percent('cpu_core', load).map((sample) => ({ ...sample, core })),
  );
  return [...percent('cpu', currentLoad), ...cores];
}

function deriveMemory(memory: Awaited<ReturnType<SystemInformation['mem']>>): HostSample[] {
  const used = (100 * (memory.total - memory.available)) / memory.total;
  const swap = memory.swaptotal > 0 ? percent('swap', (100 * memory.swapused) / memory.swaptotal) : [];
  return [...percent('mem', used), ...swap];
}

function deriveSpaces(spaces: readonly { mount: string; use: number }[]): HostSample[] {
  const mounts = spaces.flatMap(({ mount, use }) =>
    percent('disk', use).map((sample) => ({ ...sample, mount })),
  );
  if (mounts.length === 0) return [];
  return [hostSample('disk', Math.max(...mounts.map(({ value }) => value))), ...mounts];
}

function deriveNetwork(
  interfaces: readonly { rx_sec: number | null; tx_sec: number | null }[],
): HostSample[] {
  // The first reading has no rates yet: null, not 0.
  const known = interfaces.filter(({ rx_sec, tx_sec }) => rx_sec !== null && tx_sec !== null);
  if (known.length === 0) return [];
  const sum = (pick: (entry: (typeof known)[number]) => number | null) =>
    known.reduce((total, entry) => total + Math.max(0, pick(entry) ?? 0), 0);
  return [
    ...bytes(
      'net_rx',
      sum((entry) => entry.rx_sec),
    ),
    ...bytes(
      'net_tx',
      sum((entry) => entry.tx_sec),
    ),
  ];
}

/** Windows has no load average and says 0; that is not a reading. */
function collectLoad(): HostSample[] {
  if (process.platform === 'win32') return [];
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return [hostSample('load1', load1), hostSample('load5', load5), hostSample('load15', load15)];
}

function percent(metricType: 'cpu' | 'cpu_core' | 'mem' | 'swap' | 'disk', value: number): HostSample[] {
  const clamped = clampPercent(value);
  return clamped === null ? [] : [hostSample(metricType, clamped)];
}

function bytes(
  metricType: 'net_rx' | 'net_tx' | 'disk_read' | 'disk_write',
  value: number | null | undefined,
): HostSample[] {
  return typeof value === 'number' && Number.isFinite(value)
    ? [hostSample(metricType, Math.max(0, value))]
    : [];
}
