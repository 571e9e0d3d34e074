import { createManualClock, createMemoryBus, silentLogger } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.js';
import { createPosition, startIntake } from './intake.js';
import { createRecentLog } from './recent-log.js';
import { readSelection } from './selection.js';
import { createSnapshot } from './snapshot.js';
import { settled } from './testing/deferred.js';
import { alert, metric } from './testing/messages.js';
import { createTestMetrics } from './testing/metrics.js';

function setUp(capacity: { logEntries?: number } = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, ...capacity });
  const snapshot = createSnapshot();
  const recentLog = createRecentLog(clock);
  const { registry, metrics } = createTestMetrics();
  const arrivals: { arrival: Arrival; recovered: boolean }[] = [];
  const told: string[] = [];
  const start = () =>
    startIntake({
      bus,
      clock,
      logger: silentLogger,
      metrics,
      snapshot,
      recentLog,
      position: createPosition(),
      onArrival: (arrival, recovered) => arrivals.push({ arrival, recovered }),
      onLive: () => told.push('live'),
      onPrimed: () => told.push('primed'),
    });
  /** More than an end: an alert, perhaps resolved later, and samples of one series, one a millisecond. */
  function publishLong(resolvedAt?: number): void {
    bus.publish(CHANNELS.metrics, alert());
    for (let index = 0; index < 30_000; index += 1) {
      clock.advance(1);
      bus.publish(CHANNELS.metrics, metric({ value: index }));
      if (index === resolvedAt) bus.publish(CHANNELS.metrics, alert({ state: 'resolved' }));
    }
  }
  /** Lets time pass until it holds. */
  async function pass(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await settled();
      clock.advance(100);
    }
  }
  return { publishLong, pass, bus, snapshot, recentLog, registry, arrivals, start, told };
}

describe('the intake', () => {
  it('GW-44: started after an alert fired, the snapshot knows it and it is no arrival', async () => {
    const { bus, snapshot, arrivals, start } = setUp();
    bus.publish(CHANNELS.metrics, alert());
    await start();
    expect([snapshot.size(), arrivals.length]).toEqual([1, 0]);
  });

  it('GW-44: more in the log than one page holds, all of it counts', async () => {
    const { bus, snapshot, start } = setUp();
    for (let index = 0; index < 2500; index += 1)
      bus.publish(CHANNELS.metrics, metric({ metric_type: `m${index}` }));
    await start();
    expect(snapshot.size()).toBe(2500);
  });

  it('GW-106: a log longer than what is remembered, the snapshot has the newest of all of it and the memory its end', async () => {
    const { bus, snapshot, recentLog, start } = setUp({ logEntries: 150_000 });
    bus.publish(CHANNELS.metrics, metric({ metric_type: 'rare' }));
    bus.publish(CHANNELS.metrics, alert());
    for (let index = 0; index < 110_000; index += 1) bus.publish(CHANNELS.metrics, metric({ value: index }));
    await start();
    const everything = readSelection({});
    if (!everything.ok) throw new Error('no selection');
    const collected = snapshot.collect(everything.selection);
    const facts = collected.map(({ payload }) => JSON.parse(String(payload)));
    expect(facts.map(({ type, data }) => [type, data.metric_type, data.value])).toEqual([
      ['system_metric', 'rare', 1],
      ['alert', 'cpu', 95],
      ['system_metric', 'cpu', 109_999],
    ]);
    const { entries } = await bus.readLog(CHANNELS.metrics, { after: null, limit: 12_003 });
    const [first, last] = [entries.at(1), entries.at(-1)];
    expect(
      [first, last].map((entry) => recentLog.readerFor([CHANNELS.metrics], entry?.id ?? '') !== null),
    ).toEqual([false, true]);
  });

  it('GW-106: what lies before the end can never be read, nothing of it counts', async () => {
    const { bus, snapshot, start, told, publishLong, pass } = setUp();
    publishLong();
    const { readLog } = bus;
    bus.readLog = (channel, options) =>
      told.includes('live') && options.after !== '0-0'
        ? Promise.reject(new Error('broken'))
        : readLog(channel, options);
    void start();
    await pass(() => told.includes('primed'));
    expect([told, snapshot.size()]).toEqual([['live', 'primed'], 1]);
  });

  it('GW-106: it fails once before an alert is resolved, read again the alert is not in the snapshot', async () => {
    const { bus, snapshot, start, told, publishLong, pass } = setUp();
    publishLong(1500);
    const { readLog } = bus;
    let failures = 0;
    bus.readLog = (channel, options) => {
      if (!told.includes('live') || options.after === '0-0' || failures > 0) return readLog(channel, options);
      failures += 1;
      return Promise.reject(new Error('broken'));
    };
    void start();
    await pass(() => told.includes('primed'));
    expect([failures, snapshot.size()]).toEqual([1, 1]);
  });

  it('GW-92: stopped while the beginning is read, it is primed no more', async () => {
    const { bus, start, told, publishLong, pass } = setUp();
    publishLong();
    bus.interrupt('connect');
    const intake = await start();
    const { readLog } = bus;
    let stopping: Promise<void> | null = null;
    bus.readLog = (channel, options) => {
      if (told.includes('live')) stopping ??= intake.stop();
      return readLog(channel, options);
    };
    bus.restore();
    await pass(() => stopping !== null);
    await settled();
    expect(told).toEqual(['live']);
  });

  it('GW-111: a long log, its end is in memory and what comes is live before the beginning is read', async () => {
    const { bus, snapshot, recentLog, arrivals, start, told, publishLong } = setUp();
    publishLong();
    const { entries } = await bus.readLog(CHANNELS.metrics, { after: null, limit: 40_000 });
    const [oldId = '', recentId = ''] = [entries[5000]?.id, entries[25_000]?.id];
    const remembers = (id: string) => recentLog.readerFor([CHANNELS.metrics], id) !== null;
    const { readLog } = bus;
    const facts: unknown[] = [];
    bus.readLog = async (channel, options) => {
      if (told.at(-1) === 'live' && facts.length === 0) {
        facts.push(remembers(oldId), remembers(recentId));
        bus.publish(CHANNELS.metrics, alert({ state: 'resolved' }));
        await settled();
        facts.push(arrivals.length);
      }
      return readLog(channel, options);
    };
    await start();
    expect([facts, told]).toEqual([
      [false, true, 1],
      ['live', 'primed'],
    ]);
    expect(snapshot.size()).toBe(1);
  });

  it('GW-111: the bus goes down behind the end, the beginning is read when it is up and the end is not read again', async () => {
    const { bus, snapshot, start, told, publishLong } = setUp();
    publishLong();
    const { readLog } = bus;
    let hasFailed = false;
    bus.readLog = async (channel, options) => {
      if (told.at(-1) === 'live' && !hasFailed) {
        hasFailed = true;
        bus.interrupt('connect');
      }
      return readLog(channel, options);
    };
    await start();
    const before = [...told];
    bus.restore();
    while (!told.includes('primed')) await settled();
    expect([before, told, snapshot.size()]).toEqual([['live'], ['live', 'primed'], 2]);
  });

  it('GW-44: the bus is down at the start, filled as soon as it is up', async () => {
    const { bus, snapshot, start, told } = setUp();
    bus.publish(CHANNELS.metrics, alert());
    bus.interrupt('connect');
    await start();
    expect(told).toEqual([]);
    bus.restore();
    await settled();
    expect([told, snapshot.size()]).toEqual([['live', 'primed'], 1]);
  });

  it('GW-52: payloads that do not validate, counted by reason and no arrivals', async () => {
    const { bus, registry, arrivals, start } = setUp();
    await start();
    for (const text of ['{', '{"type":"nonsense","data":{}}', '{"type":"alert","data":{}}'])
      bus.publishForeign(CHANNELS.metrics, Buffer.from(text));
    const text = await registry.metrics();
    const reasons = [...text.matchAll(/bus_messages_refused_total\{reason="(\w+)"[^}]*\} (\d+)/g)];
    expect(reasons.map(([, reason, count]) => `${reason} ${count}`).sort()).toEqual([
      'invalid_field 1',
      'not_json 1',
      'unknown_type 1',
    ]);
    expect(arrivals.length).toBe(0);
  });

  it('GW-44: the log cannot be read though the bus is up, live messages arrive all the same', async () => {
    const { bus, arrivals, start, told, pass } = setUp();
    bus.readLog = () => Promise.reject(new Error('broken'));
    void start();
    await pass(() => told.includes('primed'));
    bus.publish(CHANNELS.metrics, metric());
    expect(arrivals.length).toBe(1);
  });

  it('GW-44: the log fails half-way each time though the bus is up, what was not read comes all the same', async () => {
    const { bus, snapshot, arrivals, start, told, pass } = setUp();
    for (let index = 0; index < 1500; index += 1)
      bus.publish(CHANNELS.metrics, metric({ metric_type: `m${index}` }));
    const { readLog } = bus;
    bus.readLog = (channel, options) =>
      options.after === '0-0' ? readLog(channel, options) : Promise.reject(new Error('broken'));
    void start();
    await pass(() => told.includes('primed'));
    await settled();
    expect([snapshot.size(), arrivals.length]).toEqual([1500, 500]);
  });

  it('GW-44: the log fails once though the bus is up, all of it is read', async () => {
    const { bus, snapshot, arrivals, start, told, pass } = setUp();
    bus.publish(CHANNELS.metrics, alert());
    const { readLog } = bus;
    let reads = 0;
    bus.readLog = (channel, options) => {
      reads += 1;
      return reads === 1 ? Promise.reject(new Error('broken')) : readLog(channel, options);
    };
    void start();
    await pass(() => told.includes('primed'));
    expect([snapshot.size(), arrivals.length]).toEqual([1, 0]);
  });

  it('GW-44: published after the logs were read, an arrival', async () => {
    const { bus, arrivals, start } = setUp();
    await start();
    bus.publish(CHANNELS.metrics, metric());
    expect(arrivals.map(({ arrival, recovered }) => [arrival.message.type, recovered])).toEqual([
      ['system_metric', false],
    ]);
  });

  it('GW-92: stopped, nothing arrives', async () => {
    const { bus, arrivals, start } = setUp();
    const intake = await start();
    await intake.stop();
    bus.publish(CHANNELS.metrics, alert());
    expect(arrivals.length).toBe(0);
  });

  it('GW-45: what the log has is in memory from the start, and what comes live after it', async () => {
    const { bus, recentLog, start } = setUp();
    bus.publish(CHANNELS.metrics, metric({ value: 1 }));
    await start();
    bus.publish(CHANNELS.metrics, metric({ value: 2 }));
    await settled();
    const { entries } = await bus.readLog(CHANNELS.metrics, { after: null, limit: 10 });
    const reader = recentLog.readerFor([CHANNELS.metrics, CHANNELS.events], entries[0]?.id ?? '');
    const page = await reader?.readLog(CHANNELS.metrics, { after: entries[0]?.id ?? '', limit: 10 });
    expect(page?.entries.map(({ bytes }) => String(bytes))).toEqual([String(entries[1]?.bytes)]);
  });
});
