/**
 * Space in use per mount, and of the fullest one. `statfs` on a dead network mount never returns and holds a
 * thread of the pool for as long, so: a mount is not asked again while its last call is out, and at most
 * {@link REMOTE_CALLS} + {@link LOCAL_CALLS} of the pool's four threads can ever hang here.
 */
import type { Clock } from '@pulsewire/runtime';
import { clampPercent, type HostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';
import { gatherWithin } from './gather.js';
import { createLane } from './lane.js';
import { parseMounts } from './mounts.js';

/** The part of `fs.promises.statfs` that is used; counts are in blocks. */
export type Statfs = (path: string) => Promise<{ blocks: number; bfree: number; bavail: number }>;

const REMOTE_CALLS = 2;
const LOCAL_CALLS = 1;
/** Mounts that answer later than this are sent as stale, so that the others need not wait. */
const PATIENCE_MS = 200;

interface Space {
  percent: number;
  atMs: number;
}

export interface DiskOptions {
  read: ReadText;
  statfs: Statfs;
  clock: Clock;
}

/** Percent as df(1) shows it: root's reserve counts neither as used nor as free. `null` for an empty one. */
export function deriveSpace(stats: { blocks: number; bfree: number; bavail: number }): number | null {
  const used = stats.blocks - stats.bfree;
  const reachable = used + stats.bavail;
  return reachable > 0 ? clampPercent((100 * used) / reachable) : null;
}

export function createDiskCollector({ read, statfs, clock }: DiskOptions): Collector {
  const spaces = new Map<string, Space>();
  const local = createLane(LOCAL_CALLS, ask);
  const remote = createLane(REMOTE_CALLS, ask);

  async function ask(path: string): Promise<void> {
    try {
      const percent = deriveSpace(await statfs(path));
      if (percent === null) spaces.delete(path);
      else spaces.set(path, { percent, atMs: clock.monotonicMs() });
    } catch {
      // Not ours to read: no gauge. Readable before (a stale file handle): the last value grows old.
    }
  }

  return {
    name: 'disk',
    async collect(monotonicMs) {
      const mounts = parseMounts(read('/proc/self/mounts'));
      for (const path of spaces.keys()) if (!mounts.some((mount) => mount.path === path)) spaces.delete(path);
      const pathsOf = (isRemote: boolean) =>
        mounts.filter((mount) => mount.remote === isRemote).map(({ path }) => path);
      await gatherWithin(clock, PATIENCE_MS, [...local(pathsOf(false)), ...remote(pathsOf(true))]);
      return deriveDisk(spaces, monotonicMs);
    },
  };
}

/** One sample per mount, and the fullest as plain `disk`. Values read before `sinceMs` are stale. */
export function deriveDisk(spaces: ReadonlyMap<string, Space>, sinceMs: number): HostSample[] {
  const samples = [...spaces].map(([mount, { percent, atMs }]): HostSample => {
    const sample: HostSample = { source: 'host', metricType: 'disk', value: percent, mount };
    return atMs < sinceMs ? { ...sample, staleMs: Math.round(sinceMs - atMs) } : sample;
  });
  const worst = samples.reduce<HostSample | null>(
    (fullest, sample) => (fullest === null || sample.value > fullest.value ? sample : fullest),
    null,
  );
  if (worst === null) return [];
  const { mount: _mount, ...plain } = worst;
  return [plain, ...samples];
}
