/** CPU busy share, total and per core, from /proc/stat. Iowait counts as idle, as in top(1). */
import { clampPercent, type HostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';

/** Kernel ticks since boot. */
export interface CpuTimes {
  busy: number;
  total: number;
}

export interface CpuReading {
  all: CpuTimes | null;
  cores: Map<number, CpuTimes>;
}

const CPU_LINE = /^cpu(\d*)\s+(.*)$/;

/** Never throws; lines that are not understood are left out. */
export function parseCpu(text: string): CpuReading {
  const reading: CpuReading = { all: null, cores: new Map() };
  let start = 0;
  // The CPU lines come first; what follows (interrupt counts) can be much longer and is not looked at.
  while (text.startsWith('cpu', start)) {
    const end = text.indexOf('\n', start);
    const match = CPU_LINE.exec(text.slice(start, end === -1 ? text.length : end));
    const times = parseTimes(match?.[2] ?? '');
    if (match !== null && times !== null) {
      if (match[1] === '') reading.all = times;
      else reading.cores.set(Number(match[1]), times);
    }
    if (end === -1) break;
    start = end + 1;
  }
  return reading;
}

export function deriveCpu(before: CpuReading, now: CpuReading): HostSample[] {
  const samples: HostSample[] = [];
  const percent = derivePercent(before.all, now.all);
  if (percent !== null) samples.push({ source: 'host', metricType: 'cpu', value: percent });
  for (const [core, times] of now.cores) {
    const value = derivePercent(before.cores.get(core) ?? null, times);
    if (value !== null) samples.push({ source: 'host', metricType: 'cpu_core', value, core });
  }
  return samples;
}

export function createCpuCollector(read: ReadText): Collector {
  let before: CpuReading | null = null;
  return {
    name: 'cpu',
    collect() {
      const now = parseCpu(read('/proc/stat'));
      const samples = before === null ? [] : deriveCpu(before, now);
      before = now;
      return samples;
    },
  };
}

function parseTimes(fields: string): CpuTimes | null {
  // user nice system idle iowait irq softirq steal; guest times after that are part of user and nice already.
  const numbers = fields.trim().split(/\s+/, 8).map(Number);
  if (numbers.length < 4 || numbers.some((value) => !(value >= 0))) return null;
  const total = numbers.reduce((sum, value) => sum + value, 0);
  const idle = (numbers[3] ?? 0) + (numbers[4] ?? 0);
  return { busy: total - idle, total };
}

/** `null` when nothing can be said: no earlier reading, no tick passed, or the counters were reset. */
function derivePercent(before: CpuTimes | null, now: CpuTimes | null): number | null {
  if (before === null || now === null || !(now.total > before.total)) return null;
  return clampPercent((100 * (now.busy - before.busy)) / (now.total - before.total));
}
