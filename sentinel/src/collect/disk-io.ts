/** Bytes read from and written to the machine's disks, from /proc/diskstats. */
import { type HostSample, hostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';
import { type BytePair, type CounterReading, deriveRates } from './counters.js';

/** The unit of /proc/diskstats, whatever the disk's own sector size. */
const SECTOR_BYTES = 512;
const LINE = /^\s*\d+\s+\d+\s+(\S+)\s+\d+\s+\d+\s+(\d+)\s+\d+\s+\d+\s+\d+\s+(\d+)/;
/** Device-mapper, RAID, loop and RAM devices are left out: their bytes reach a disk that is counted, or none. */
const DISK = /^(?:(?:sd|hd|vd|xvd)[a-z]+|(?:nvme\d+n|mmcblk|nbd)\d+)$/;
const PARTITION = /^((?:sd|hd|vd|xvd)[a-z]+)\d+$|^((?:nvme\d+n|mmcblk|nbd)\d+)p\d+$/;

/** Whole disks; a partition only where its disk is not listed (some clouds). Never throws. */
export function parseDiskIo(text: string): Map<string, BytePair> {
  const all = new Map<string, BytePair>();
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (match?.[1] === undefined) continue;
    all.set(match[1], {
      inBytes: Number(match[2]) * SECTOR_BYTES,
      outBytes: Number(match[3]) * SECTOR_BYTES,
    });
  }
  for (const name of [...all.keys()]) if (!isCounted(name, all)) all.delete(name);
  return all;
}

export function deriveDiskIo(before: CounterReading, now: CounterReading): HostSample[] {
  const rates = deriveRates(before, now);
  if (rates === null) return [];
  return [hostSample('disk_read', rates.inPerSecond), hostSample('disk_write', rates.outPerSecond)];
}

export function createDiskIoCollector(read: ReadText): Collector {
  let before: CounterReading | null = null;
  return {
    name: 'disk_io',
    collect(monotonicMs) {
      const now = { monotonicMs, devices: parseDiskIo(read('/proc/diskstats')) };
      const samples = before === null ? [] : deriveDiskIo(before, now);
      before = now;
      return samples;
    },
  };
}

function isCounted(name: string, listed: ReadonlyMap<string, BytePair>): boolean {
  if (DISK.test(name)) return true;
  const match = PARTITION.exec(name);
  const disk = match?.[1] ?? match?.[2];
  return disk !== undefined && !listed.has(disk);
}
