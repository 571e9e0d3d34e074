import { createManualClock, silentLogger } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../collect/collector.js';
import { hostSample, type Sample } from '../sample.js';
import { settle } from '../test-support/settle.js';
import { type Batch, startSampler } from './sampler.js';

const START_MS = Date.UTC(2026, 0, 17, 4, 30);

/** A collector that answers when told. */
function createSlowCollector(name: string) {
  const calls: { resolve: (samples: Sample[]) => void; reject: (error: Error) => void }[] = [];
  const collector: Collector = {
    name,
    collect: () => new Promise((resolve, reject) => calls.push({ resolve, reject })),
  };
  return { collector, calls };
}

function setUp(collectors: readonly Collector[]) {
  const clock = createManualClock(START_MS);
  const batches: Batch[] = [];
  const publishes: number[] = [];
  const log: string[] = [];
  let skipped = 0;
  const sampler = startSampler({
    collectors,
    intervalMs: 1000,
    clock,
    logger: {
      ...silentLogger,
      warn: (_f, text) => void log.push(text),
      info: (_f, text) => void log.push(text),
    },
    events: {
      onBatches(read) {
        publishes.push(read.length);
        batches.push(...read);
      },
      onCollected() {},
      onFailed() {},
      onSkipped: (ticks) => {
        skipped += ticks;
      },
    },
  });
  const of = (origin: string) => batches.filter((batch) => batch.origin === origin);
  return { clock, batches, publishes, log, sampler, of, skipped: () => skipped };
}

const quick = (name: string): Collector => ({ name, collect: () => [hostSample('load1', 1)] });

describe('sampler', () => {
  it('SE-20: a minute, one reading at the start and sixty on the grid, none drifting', () => {
    const { clock, of } = setUp([quick('a')]);
    clock.advance(60_000);
    expect(of('a').map(({ timeMs }) => timeMs - START_MS)).toEqual(
      Array.from({ length: 61 }, (_, n) => n * 1000),
    );
  });

  it('SE-28: three collectors that answer at once, published at once', () => {
    const { clock, publishes } = setUp([quick('a'), quick('b'), quick('c')]);
    clock.advance(1000);
    expect(publishes).toEqual([3, 3]);
  });

  it('SE-23: a collector that hangs for ten ticks, called once', async () => {
    const slow = createSlowCollector('slow');
    const { clock } = setUp([slow.collector]);
    for (let tick = 0; tick < 10; tick += 1) {
      clock.advance(1000);
      await settle();
    }
    expect(slow.calls).toHaveLength(1);
  });

  it('SE-24: a collector that hangs, the other one publishes at every tick', () => {
    const { clock, of } = setUp([createSlowCollector('slow').collector, quick('a')]);
    clock.advance(5000);
    expect(of('a')).toHaveLength(6);
  });

  it('SE-25: a collector that begins to hang, its last values with their growing age', async () => {
    const slow = createSlowCollector('slow');
    const { clock, of, sampler } = setUp([slow.collector]);
    slow.calls[0]?.resolve([hostSample('disk', 42)]);
    await settle();
    clock.advance(4000);
    const ages = of('slow').map(({ samples }) => samples[0]?.staleMs);
    expect(ages).toEqual([undefined, 3000, 4000]);
    expect(sampler.staleForMs('slow')).toBe(4000);
  });

  it('SE-25: a collector that fails, its last values at once and at every tick', async () => {
    const slow = createSlowCollector('slow');
    const { clock, of } = setUp([slow.collector]);
    slow.calls[0]?.resolve([hostSample('disk', 42)]);
    await settle();
    for (let tick = 1; tick <= 2; tick += 1) {
      clock.advance(1000);
      slow.calls[tick]?.reject(new Error('no'));
      await settle();
    }
    expect(of('slow').map(({ samples }) => samples[0]?.staleMs)).toEqual([undefined, 1000, 2000]);
  });

  it('SE-26: an answer that comes after stale values were sent, fresh and with the time of the reading', async () => {
    const slow = createSlowCollector('slow');
    const { clock, of } = setUp([slow.collector]);
    clock.advance(3400);
    slow.calls[0]?.resolve([hostSample('disk', 42)]);
    await settle();
    expect(of('slow').at(-1)).toEqual({
      origin: 'slow',
      timeMs: START_MS + 3400,
      samples: [hostSample('disk', 42)],
    });
  });

  it('SE-27: ten failures and a success, one line each', () => {
    let healthy = false;
    const flaky: Collector = {
      name: 'flaky',
      collect() {
        if (!healthy) throw new Error('no');
        return [];
      },
    };
    const { clock, log } = setUp([flaky]);
    clock.advance(9000);
    healthy = true;
    clock.advance(2000);
    expect(log).toEqual(['collector fails', 'collector works again']);
  });

  it('SE-21: a process that could not run for four seconds, one tick then and the others counted', () => {
    const clock = createManualClock(START_MS);
    let lagMs = 0;
    // Timers fire late: wall time is ahead of when the timer was due.
    const lagging = { ...clock, nowMs: () => clock.nowMs() + lagMs, monotonicMs: clock.monotonicMs };
    const times: number[] = [];
    let skipped = 0;
    startSampler({
      collectors: [quick('a')],
      intervalMs: 1000,
      clock: lagging,
      logger: silentLogger,
      events: {
        onBatches: (batches) => void times.push(...batches.map(({ timeMs }) => timeMs - START_MS)),
        onCollected() {},
        onFailed() {},
        onSkipped: (ticks) => {
          skipped += ticks;
        },
      },
    });
    lagMs = 4200;
    clock.advance(1000);
    expect(times).toEqual([0, 5000]);
    expect(skipped).toBe(4);
  });

  it('SE-29: stopped, nothing is scheduled and collectors are closed', async () => {
    let closed = 0;
    const { clock, sampler } = setUp([{ ...quick('a'), close: () => void closed++ }]);
    await sampler.stop();
    expect([clock.scheduled, closed]).toEqual([0, 1]);
  });

  it('SE-29: an answer that comes after the stop is not published', async () => {
    const slow = createSlowCollector('slow');
    const { batches, sampler } = setUp([slow.collector]);
    await sampler.stop();
    slow.calls[0]?.resolve([hostSample('disk', 1)]);
    await settle();
    expect(batches).toEqual([]);
  });
});
