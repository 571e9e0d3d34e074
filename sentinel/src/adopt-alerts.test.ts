import { createManualClock, createMemoryBus, type Logger, silentLogger } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { adoptAlerts } from './adopt-alerts.js';
import { createRuns, HOST } from './test-support/runs.js';
import { settle } from './test-support/settle.js';

/** A log with one unresolved alert after 500 of another host: more than two pages. */
async function setUp({ down = false, failures = 0 } = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock });
  const runs = createRuns('cpu>90');
  runs.adopt();
  runs.cpu(99);
  for (const { data } of runs.alerts)
    for (let entry = 0; entry < 500; entry += 1)
      bus.publish(CHANNELS.metrics, { type: 'alert', data: { ...data, host: 'web-2' } });
  for (const alert of runs.alerts) bus.publish(CHANNELS.metrics, alert);
  if (down) bus.interrupt('connection_refused');
  const events: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_fields, text) => void events.push(`warn: ${text}`) };
  let reads = 0;
  const adoption = adoptAlerts({
    bus: {
      get state() {
        return bus.state;
      },
      onState: bus.onState,
      async readLog(channel, options) {
        reads += 1;
        if (reads <= failures) throw new Error('refused');
        return bus.readLog(channel, options);
      },
    },
    host: HOST,
    clock,
    logger,
    onUnresolved: (unresolved) => void events.push(`unresolved ${unresolved.length}`),
    onLate: () => void events.push('late'),
  });
  async function pass(ms: number) {
    clock.advance(ms);
    await settle();
  }
  return { clock, bus, events, adoption, pass, reads: () => reads };
}

describe('reading the log for alerts of an earlier run', () => {
  it('SE-40: read in pages, once', async () => {
    const { bus, events, reads, pass, clock } = await setUp();
    await settle();
    await pass(60_000);
    bus.interrupt('test');
    bus.restore();
    await settle();
    expect(events).toEqual(['unresolved 1']);
    expect(reads()).toBe(3);
    expect(clock.scheduled).toBe(0);
  });

  it('SE-45: the bus down at the start, late after 5 s, and read when it is up', async () => {
    const { bus, events, pass } = await setUp({ down: true });
    await pass(4999);
    expect(events).toEqual([]);
    await pass(60_000);
    expect(events).toEqual(['late']);
    bus.restore();
    await settle();
    expect(events).toEqual(['late', 'unresolved 1']);
  });

  it('SE-46: a log that cannot be read, one warning and another try every 30 s', async () => {
    const { events, pass } = await setUp({ failures: 2 });
    await pass(0);
    await pass(30_000);
    await pass(30_000);
    expect(events).toEqual([
      'warn: the log could not be read for alerts of an earlier run',
      'late',
      'unresolved 1',
    ]);
  });

  it('SE-46: the bus lost while reading, no warning, and read anew at once when it is back', async () => {
    const { bus, events } = await setUp();
    bus.interrupt('test');
    await settle();
    bus.restore();
    await settle();
    expect(events).toEqual(['unresolved 1']);
  });

  it('SE-29: stopped while reading or waiting, nothing comes and nothing is scheduled', async () => {
    const reading = await setUp();
    await reading.adoption.stop();
    const waiting = await setUp({ down: true });
    await waiting.adoption.stop();
    waiting.bus.restore();
    await settle();
    expect([reading.events, waiting.events]).toEqual([[], []]);
    expect([reading.clock.scheduled, waiting.clock.scheduled]).toEqual([0, 0]);
  });
});
