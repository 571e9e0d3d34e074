import { createManualClock } from '@pulsewire/runtime';
import { expect, it } from 'vitest';
import type { Sample } from '../sample.js';
import { settle } from '../test-support/settle.js';
import { createDiskCollector, deriveDisk, deriveSpace } from './disk.js';
import { parseMounts } from './mounts.js';

const MOUNTS = `proc /proc proc rw 0 0
/dev/sda1 / ext4 rw 0 0
/dev/sda1 /var/lib/bind ext4 rw 0 0
/dev/sdb1 /data\\040disk xfs rw 0 0
/dev/loop3 /snap/core squashfs ro 0 0
tmpfs /run tmpfs rw 0 0
overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
server:/a /mnt/dead nfs4 rw 0 0
server:/b /mnt/alive nfs rw 0 0
`;
const HALF = { blocks: 100, bfree: 50, bavail: 50 };

/** A file system whose calls are answered one by one, or never. */
function createFakeDisks() {
  const asked: string[] = [];
  const hung = new Map<string, (stats: typeof HALF) => void>();
  const dead = new Set<string>();
  return {
    asked,
    dead,
    release: (path: string) => hung.get(path)?.(HALF),
    statfs(path: string) {
      asked.push(path);
      if (!dead.has(path)) return Promise.resolve(HALF);
      return new Promise<typeof HALF>((resolve) => hung.set(path, resolve));
    },
  };
}

function setUp(mounts = MOUNTS) {
  const clock = createManualClock();
  const disks = createFakeDisks();
  const collector = createDiskCollector({ read: () => mounts, statfs: disks.statfs, clock });
  /** Collects, and lets the collector's patience run out. */
  async function collect(): Promise<readonly Sample[]> {
    const collecting = collector.collect(clock.monotonicMs());
    await settle();
    clock.advance(500);
    return collecting;
  }
  const mountsOf = (samples: readonly Sample[]) =>
    samples.flatMap((sample) =>
      sample.source === 'host' && sample.mount !== undefined ? [sample.mount] : [],
    );
  return { clock, disks, collect, mountsOf };
}

it('SE-7: real file systems only, each device once, blanks in paths restored', () => {
  expect(parseMounts(MOUNTS)).toEqual([
    { path: '/', remote: false },
    { path: '/data disk', remote: false },
    { path: '/mnt/dead', remote: true },
    { path: '/mnt/alive', remote: true },
  ]);
});

it('SE-7: an overlay as root counts, which is a container seeing its own disk', () => {
  expect(parseMounts('overlay / overlay rw 0 0\n')).toEqual([{ path: '/', remote: false }]);
});

it('SE-7: space as df shows it, the reserve of root neither used nor free', () => {
  expect(deriveSpace({ blocks: 100, bfree: 30, bavail: 20 })).toBeCloseTo(77.78, 2);
  expect(deriveSpace({ blocks: 0, bfree: 0, bavail: 0 })).toBeNull();
});

it('SE-7: the fullest mount is sent as plain disk too', () => {
  const spaces = new Map([
    ['/', { percent: 20, atMs: 5 }],
    ['/data', { percent: 80, atMs: 5 }],
  ]);
  const [plain] = deriveDisk(spaces, 5);
  expect(plain).toEqual({ source: 'host', metricType: 'disk', value: 80 });
});

it('SE-8: a mount that hangs from the start, the others are sent all the same', async () => {
  const { disks, collect, mountsOf } = setUp();
  disks.dead.add('/mnt/dead');
  expect(mountsOf(await collect()).sort()).toEqual(['/', '/data disk', '/mnt/alive']);
});

it('SE-8: a mount that begins to hang, its last value with its growing age, and it is not asked again', async () => {
  const { disks, collect } = setUp();
  await collect();
  disks.dead.add('/mnt/dead');
  const staleOf = (samples: readonly Sample[]) =>
    samples.find((sample) => sample.source === 'host' && sample.mount === '/mnt/dead')?.staleMs;
  await collect();
  expect(staleOf(await collect())).toBe(1000);
  expect(staleOf(await collect())).toBe(1500);
  expect(disks.asked.filter((path) => path === '/mnt/dead')).toHaveLength(2);
});

it('SE-8: a mount that answers again is fresh again', async () => {
  const { disks, collect } = setUp();
  disks.dead.add('/mnt/dead');
  await collect();
  disks.dead.clear();
  disks.release('/mnt/dead');
  const samples = await collect();
  const revived = samples.find((sample) => sample.source === 'host' && sample.mount === '/mnt/dead');
  expect(revived?.staleMs).toBeUndefined();
  expect(revived?.value).toBe(50);
});

it('SE-9: ten dead remote mounts, two calls are out, local mounts are asked at every tick', async () => {
  const remotes = Array.from({ length: 10 }, (_, n) => `server:/${n} /mnt/${n} nfs4 rw 0 0\n`).join('');
  const { disks, collect } = setUp(`/dev/sda1 / ext4 rw 0 0\n${remotes}`);
  for (let n = 0; n < 10; n += 1) disks.dead.add(`/mnt/${n}`);
  for (let tick = 0; tick < 3; tick += 1) await collect();
  expect(disks.asked.filter((path) => path !== '/')).toEqual(['/mnt/0', '/mnt/1']);
  expect(disks.asked.filter((path) => path === '/')).toHaveLength(3);
});
