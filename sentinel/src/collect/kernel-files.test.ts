import { describe, expect, it } from 'vitest';
import { deriveRates } from './counters.js';
import { parseDiskIo } from './disk-io.js';
import { parseLoad } from './load.js';
import { deriveMemory, parseMemory } from './memory.js';
import { deriveNetwork, parseNetwork } from './network.js';
import { parseUptime } from './uptime.js';

describe('memory', () => {
  it('SE-2: total and available, the rest is in use', () => {
    const text =
      'MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\n';
    expect(deriveMemory(parseMemory(text))).toEqual([
      { source: 'host', metricType: 'mem', value: 75 },
      { source: 'host', metricType: 'swap', value: 25 },
    ]);
  });

  it('SE-2: a machine without swap, no swap sample', () => {
    const text = 'MemTotal: 1000 kB\nMemAvailable: 500 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n';
    expect(deriveMemory(parseMemory(text)).map(({ metricType }) => metricType)).toEqual(['mem']);
  });

  it('SE-2: an old kernel without MemAvailable, free and caches count as available', () => {
    const text = 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n';
    expect(deriveMemory(parseMemory(text))[0]?.value).toBe(50);
  });
});

describe('load and uptime', () => {
  it('SE-3: the three averages', () => {
    const values = parseLoad('0.50 1.25 2.00 3/456 789\n').map(({ metricType, value }) => [
      metricType,
      value,
    ]);
    expect(values).toEqual([
      ['load1', 0.5],
      ['load5', 1.25],
      ['load15', 2],
    ]);
  });

  it('SE-3: seconds since boot', () => {
    expect(parseUptime('12345.67 99999.99\n')).toEqual([
      { source: 'host', metricType: 'uptime', value: 12345.67 },
    ]);
  });
});

const HEADER = 'Inter-|   Receive |  Transmit\n face |bytes packets|bytes packets\n';
const line = (name: string, rx: number, tx: number) => `${name}: ${rx} 1 0 0 0 0 0 0 ${tx} 1 0 0 0 0 0 0\n`;

describe('network', () => {
  it.each(['lo', 'veth12ab', 'docker0', 'br-1f2e', 'virbr0', 'bond0', 'wg0', 'eth0.100', 'ifb0', 'tun0'])(
    'SE-4: %s carries nothing of its own and is left out',
    (name) => {
      expect([...parseNetwork(HEADER + line(name, 5, 6)).keys()]).toEqual([]);
    },
  );

  it.each(['eth0', 'ens192', 'enp3s0f1', 'wlan0', 'wlp2s0', 'eno1', 'ib0', 'wwan0', 'enx00e04c680001'])(
    'SE-4: %s counts',
    (name) => {
      expect(parseNetwork(HEADER + line(name, 5, 6)).get(name)).toEqual({ inBytes: 5, outBytes: 6 });
    },
  );

  it('SE-4: a number that touches its colon is read all the same', () => {
    expect(parseNetwork('  eth0:531025404 1 0 0 0 0 0 0 810834 1\n').get('eth0')?.inBytes).toBe(531_025_404);
  });

  it('SE-4: rates are sums over the interfaces per second', () => {
    const reading = (monotonicMs: number, text: string) => ({ monotonicMs, devices: parseNetwork(text) });
    const samples = deriveNetwork(
      reading(0, line('eth0', 100, 200) + line('eth1', 0, 0)),
      reading(2000, line('eth0', 300, 200) + line('eth1', 100, 50)),
    );
    expect(samples.map(({ value }) => value)).toEqual([150, 25]);
  });
});

const disk = (name: string, read: number, written: number) =>
  `   8       0 ${name} 10 0 ${read} 5 20 0 ${written} 5 0 10 10\n`;

describe('disks', () => {
  it('SE-5: whole disks count, in bytes; partitions, loops, mappers and RAM disks do not', () => {
    const names = [
      'sda',
      'sda1',
      'nvme0n1',
      'nvme0n1p2',
      'vdb',
      'mmcblk0',
      'mmcblk0p1',
      'loop0',
      'dm-0',
      'md0',
      'zram0',
      'sr0',
    ];
    const devices = parseDiskIo(names.map((name) => disk(name, 2, 4)).join(''));
    expect([...devices.keys()]).toEqual(['sda', 'nvme0n1', 'vdb', 'mmcblk0']);
    expect(devices.get('sda')).toEqual({ inBytes: 1024, outBytes: 2048 });
  });

  it('SE-5: a partition whose disk is not listed counts', () => {
    expect([...parseDiskIo(disk('xvda1', 1, 1)).keys()]).toEqual(['xvda1']);
  });
});

describe('rates', () => {
  const reading = (monotonicMs: number, inBytes: number, outBytes: number) => ({
    monotonicMs,
    devices: new Map([['a', { inBytes, outBytes }]]),
  });

  it('SE-6: a counter that was reset, 0 rather than a negative rate', () => {
    expect(deriveRates(reading(0, 1000, 10), reading(1000, 5, 20))).toEqual({
      inPerSecond: 0,
      outPerSecond: 10,
    });
  });

  it('SE-6: no time between two readings, no rate', () => {
    expect(deriveRates(reading(5, 1, 1), reading(5, 2, 2))).toBeNull();
  });

  it('SE-6: a device that has just appeared, its past does not count', () => {
    const before = { monotonicMs: 0, devices: new Map() };
    expect(deriveRates(before, reading(1000, 1e9, 1e9))).toEqual({ inPerSecond: 0, outPerSecond: 0 });
  });
});
