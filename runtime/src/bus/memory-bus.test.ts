import { CHANNELS } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import { createManualClock } from '../manual-clock.js';
import { describeBusContract } from './bus-contract.test-support.js';
import { cpuSample, createBusRecorder, publishAlerts } from './bus-recorder.test-support.js';
import { createMemoryBus } from './memory-bus.js';

const { metrics } = CHANNELS;

describeBusContract('memory', async () => {
  const bus = createMemoryBus();
  return {
    publisher: bus,
    subscriber: bus,
    interrupt: async () => bus.interrupt('test'),
    restore: async () => bus.restore(),
    publishForeign: async (text) => bus.publishForeign(metrics, Buffer.from(text)),
    stop: () => bus.stop(),
  };
});

it('RT-70: memory bus, delivers before publish returns', () => {
  const bus = createMemoryBus();
  const recorder = createBusRecorder();
  bus.subscribe({ channels: [metrics], ...recorder });
  publishAlerts(bus, metrics, ['a']);
  expect(recorder.names()).toEqual(['a']);
});

it('RT-71: memory bus with a full log, keeps the newest entries and says that it does not reach back', async () => {
  const bus = createMemoryBus({ logEntries: 10 });
  publishAlerts(
    bus,
    metrics,
    Array.from({ length: 30 }, (_, index) => `n${index}`),
  );
  const { entries, reachesBack } = await bus.readLog(metrics, { after: null, limit: 100 });
  expect(entries.length).toBeLessThanOrEqual(11);
  expect(String(entries.at(-1)?.bytes)).toContain('"n29"');
  expect(reachesBack).toBe(false);
});

it('RT-71: memory bus with long messages, keeps as many of the newest as its bytes allow', async () => {
  const bus = createMemoryBus({ logEntries: 1000, logBytes: 10_000 });
  publishAlerts(
    bus,
    metrics,
    Array.from({ length: 50 }, (_, index) => `${'x'.repeat(1000)}-${index}-`),
  );
  const { entries, reachesBack } = await bus.readLog(metrics, { after: null, limit: 100 });
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  expect([bytes > 5000, bytes <= 11_000, reachesBack]).toEqual([true, true, false]);
  expect(String(entries.at(-1)?.bytes)).toContain('-49-');
});

it('RT-71: memory bus with a message longer than its bytes allow, keeps that one', async () => {
  const bus = createMemoryBus({ logBytes: 100 });
  publishAlerts(bus, metrics, ['a', 'x'.repeat(1000)]);
  const { entries } = await bus.readLog(metrics, { after: null, limit: 100 });
  expect(entries.map(({ bytes }) => bytes.length > 1000)).toEqual([true]);
});

it('RT-72: memory bus after a long outage, has kept alerts and the last 5 minutes of samples', () => {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock });
  const recorder = createBusRecorder();
  bus.subscribe({ channels: [metrics], ...recorder });
  bus.interrupt('test');
  publishAlerts(bus, metrics, ['early']);
  bus.publish(metrics, cpuSample(1));
  clock.advance(5 * 60_000 + 1);
  bus.publish(metrics, cpuSample(2));
  bus.restore();
  expect(recorder.names().map((name) => /"value":(\d)/.exec(name)?.[1] ?? name)).toEqual(['early', '2']);
});

it('RT-73: memory bus whose clock goes back, gives ids that still rise', async () => {
  let nowMs = 5000;
  const clock = { ...createManualClock(), nowMs: () => nowMs };
  const bus = createMemoryBus({ clock });
  publishAlerts(bus, metrics, ['a']);
  nowMs = 1000;
  publishAlerts(bus, metrics, ['b']);
  const { entries } = await bus.readLog(metrics, { after: null, limit: 2 });
  expect(entries.map(({ id }) => id)).toEqual(['5000-0', '5000-1']);
});
