import { expect, it } from 'vitest';
import type { Sample } from '../sample.js';
import { createPortableCollectors, type SystemInformation } from './portable.js';

const INFORMATION: SystemInformation = {
  currentLoad: async () => ({ currentLoad: 30, cpus: [{ load: 20 }, { load: 140 }] }),
  mem: async () => ({ total: 1000, available: 400, swaptotal: 0, swapused: 0 }),
  fsSize: async () => [
    { mount: 'C:', use: 70 },
    { mount: 'D:', use: 10 },
  ],
  networkStats: async () => [
    { rx_sec: 10, tx_sec: 20 },
    { rx_sec: null, tx_sec: null },
  ],
  fsStats: async () => null,
  cpuTemperature: async () => ({ main: null }),
};

async function collect(name: string, information = INFORMATION): Promise<readonly Sample[]> {
  const collector = createPortableCollectors(async () => information).find((entry) => entry.name === name);
  if (collector === undefined) throw new Error(`no collector ${name}`);
  return collector.collect(0);
}

it('SE-13: CPU in total and per core, within 0 and 100', async () => {
  expect((await collect('cpu')).map(({ metricType, value }) => [metricType, value])).toEqual([
    ['cpu', 30],
    ['cpu_core', 20],
    ['cpu_core', 100],
  ]);
});

it('SE-13: memory, and no swap where there is none', async () => {
  expect(await collect('memory')).toEqual([{ source: 'host', metricType: 'mem', value: 60 }]);
});

it('SE-13: every mount and the fullest', async () => {
  expect((await collect('disk')).map(({ value }) => value)).toEqual([70, 70, 10]);
});

it('SE-13: rates that are not known yet are left out, not 0', async () => {
  expect((await collect('network')).map(({ value }) => value)).toEqual([10, 20]);
  expect(
    await collect('network', { ...INFORMATION, networkStats: async () => [{ rx_sec: null, tx_sec: null }] }),
  ).toEqual([]);
  expect(await collect('disk_io')).toEqual([]);
});

it('SE-10: a platform that tells no temperature, no sample', async () => {
  expect(await collect('temperature')).toEqual([]);
});
