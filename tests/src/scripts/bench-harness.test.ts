import { describe, expect, it } from 'vitest';
import { alternate, percentile, readProcessUsage, renderSummary, renderTable } from '../../bench/harness.js';
import { compareLines } from '../../bench/log-lines/compare-lines.js';
import { startProcess } from '../support/process.js';

const BUILT_RUNNER = new URL('../../dist/bench/run-bench.js', import.meta.url).pathname;

describe('bench harness', () => {
  it('BN-1: percentiles of 1 to 100, nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 50, 99, 99.5, 100].map((p) => percentile(values, p))).toEqual([1, 50, 99, 100, 100]);
  });

  it('BN-1: no values, not a number', () => {
    expect(percentile([], 50)).toBeNaN();
  });

  it('BN-2: two peers over three rounds, alternate and turn round', async () => {
    const order: string[] = [];
    const peer = (name: string) => async (round: number) => {
      order.push(name);
      return round;
    };
    const results = await alternate({ ours: peer('ours'), peer: peer('peer') }, 3);
    expect(order).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
    expect(results).toEqual({ ours: [0, 1, 2], peer: [0, 1, 2] });
  });

  it('BN-3: rows with different keys, one column each, numbers to the right', () => {
    const rows = [
      { engine: 'ws', p99_ms: 4.25 },
      { engine: 'naive loop', p99_ms: 11, note: 'x' },
    ];
    expect(renderTable(rows).split('\n')).toEqual([
      'engine      p99_ms  note',
      '----------  ------  ----',
      'ws            4.25',
      'naive loop      11  x',
    ]);
  });

  it('BN-4: a result, one line of JSON', () => {
    const line = renderSummary({ bench: 'latency', rows: [{ clients: 100 }], figures: { p99_ms: 4 } });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      bench: 'latency',
      machine: expect.objectContaining({ cores: expect.any(Number), node: process.version }),
      rows: [{ clients: 100 }],
      figures: { p99_ms: 4 },
    });
  });

  it('BN-5: a process with spaces and brackets in its name, still read', async () => {
    const script = `
      process.title = 'a) R (b 1 2';
      while (process.cpuUsage().user < 200_000);
      console.log('up');
      process.stdin.resume();
      setInterval(Date, 1e6);
    `;
    const child = await startProcess(process.execPath, ['-e', script], {}, { readyWhen: /up/ });
    const usage = readProcessUsage(child.pid);
    await child.stop('SIGKILL');
    expect(usage.cpuMs).toBeGreaterThanOrEqual(150);
    expect(usage.cpuMs).toBeLessThan(60_000);
    expect(usage.rssBytes).toBeGreaterThan(10_000_000);
  });

  it.each([
    { stored: ['a', 'b', 'c', 'd'], expected: [0, 0, 0, 0] },
    { stored: ['a', 'd'], expected: [2, 0, 0, 0] },
    { stored: ['a', 'b', 'b', 'c', 'd', 'a'], expected: [0, 2, 0, 0] },
    { stored: ['a', 'b', 'x', 'c', 'd'], expected: [0, 0, 1, 0] },
    { stored: ['a', 'd', 'b', 'c'], expected: [0, 0, 0, 2] },
  ])(
    'BN-7: written a, b, c, d and stored $stored, missing, doubled, foreign, misordered $expected',
    (given) => {
      const { missing, doubled, foreign, misordered } = compareLines(['a', 'b', 'c', 'd'], given.stored);
      expect([missing, doubled, foreign, misordered]).toEqual(given.expected);
    },
  );

  it('BS-5: an unknown bench, exit code 2 and the list', async () => {
    const child = await startProcess(process.execPath, [BUILT_RUNNER, 'no-such-bench'], {});
    expect(await child.exited).toEqual({ code: 2, signal: null });
    expect(child.output()).toMatch(/^benches: /m);
  });
});
