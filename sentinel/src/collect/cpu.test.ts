import { expect, it } from 'vitest';
import { createCpuCollector, deriveCpu, parseCpu } from './cpu.js';

const BEFORE = `cpu  100 0 100 700 100 0 0 0 0 0
cpu0 50 0 50 350 50 0 0 0 0 0
cpu1 50 0 50 350 50 0 0 0 0 0
intr 1 2 3
`;
const AFTER = `cpu  130 0 110 740 120 0 0 0 30 0
cpu0 80 0 50 360 60 0 0 0 0 0
cpu1 50 0 60 380 60 0 0 0 0 0
intr 1 2 3
`;

it('SE-1: two readings, busy share in total and per core, iowait idle and guest time not counted twice', () => {
  const samples = deriveCpu(parseCpu(BEFORE), parseCpu(AFTER));
  expect(samples).toEqual([
    { source: 'host', metricType: 'cpu', value: 40 },
    { source: 'host', metricType: 'cpu_core', value: 60, core: 0 },
    { source: 'host', metricType: 'cpu_core', value: 20, core: 1 },
  ]);
});

it('SE-1: the first reading alone, no sample', () => {
  expect(createCpuCollector(() => BEFORE).collect(0)).toEqual([]);
});

it('SE-1: no tick passed between two readings, no sample', () => {
  expect(deriveCpu(parseCpu(BEFORE), parseCpu(BEFORE))).toEqual([]);
});

it('SE-6: counters that went back, no sample', () => {
  expect(deriveCpu(parseCpu(AFTER), parseCpu(BEFORE))).toEqual([]);
});

it('SE-11: iowait that went back (the kernel allows it), still from 0 to 100', () => {
  const [total] = deriveCpu(parseCpu('cpu  10 0 0 10 90\n'), parseCpu('cpu  30 0 0 10 80\n'));
  expect(total?.value).toBe(100);
});

it('SE-1: a core that appears later, no sample before its second reading', () => {
  const samples = deriveCpu(parseCpu('cpu  1 0 0 1\n'), parseCpu('cpu  2 0 0 2\ncpu0 2 0 0 2\n'));
  expect(samples.map(({ metricType }) => metricType)).toEqual(['cpu']);
});
