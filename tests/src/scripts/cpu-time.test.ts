import { expect, it } from 'vitest';
import { readCpuUs } from '../../bench/fanout/cpu-time.js';

const WORK_US = 60_000;

function work(): void {
  const before = process.cpuUsage();
  for (let spent = 0; spent < WORK_US; ) {
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
}

it('BN-5: a process that works, the time of its threads is counted in microseconds', () => {
  const before = readCpuUs(process.pid);
  work();
  expect(readCpuUs(process.pid) - before).toBeGreaterThan(WORK_US / 2);
});
