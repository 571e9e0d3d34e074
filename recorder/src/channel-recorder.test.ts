import {
  createManualClock,
  createMemoryBus,
  createMetrics,
  type ManualClock,
  silentLogger,
} from '@pulsewire/runtime';
import { CHANNELS, type Log } from '@pulsewire/shared-schema';
import { type Batch, type ExclusiveSession, StoreError } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { createChannelRecorder } from './channel-recorder.js';
import { createRecorderMetrics } from './recorder-metrics.js';
import { createRest } from './rest.js';
import type { SessionKeeper } from './session-keeper.js';

const CHANNEL = CHANNELS.logs;
const START_MS = Date.parse('2026-01-17T00:00:00Z');

/** A table of one channel, in memory, that can fail before or after it commits. */
function createTable() {
  const rows: string[] = [];
  const sizes: number[] = [];
  let position: string | null = null;
  let token: string | null = null;
  let failure: { when: 'before' | 'after' } | null = null;
  const session: ExclusiveSession = {
    held: true,
    query: async () => (token === null ? [] : [{ position, token }]),
    transaction: () => Promise.reject(new Error('not used')),
    stop: async () => {},
  };
  async function write(batch: Batch): Promise<void> {
    if (batch.after !== position) throw new StoreError('position_moved', 'moved');
    if (batch.logs.some(({ message }) => message === 'refused'))
      throw new StoreError('row_refused', 'refused');
    const now = failure;
    failure = null;
    if (now?.when === 'before') throw new StoreError('database_unavailable', 'gone before the commit');
    rows.push(...batch.logs.map(({ message }) => message), ...batch.deadLetters.map(({ reason }) => reason));
    sizes.push(batch.logs.length + batch.deadLetters.length);
    ({ position, token } = batch);
    if (now?.when === 'after') throw new StoreError('database_unavailable', 'gone after the commit');
  }
  return {
    rows,
    sizes,
    held: { session, writer: { write } },
    fail: (when: 'before' | 'after') => {
      failure = { when };
    },
  };
}

interface RigOptions {
  logEntries?: number;
  /** With one of its own, which is new, beside what is recorded already. */
  earlier?: ReturnType<typeof createTable>;
}

function createRig(clock: ManualClock, { logEntries, earlier }: RigOptions = {}) {
  const table = earlier ?? createTable();
  const ownLog = earlier !== undefined;
  const bus = createMemoryBus({ clock, ...(logEntries === undefined ? {} : { logEntries }) });
  const registry = createMetrics({ process: 'test', runtimeMetrics: false });
  const gauges = { reachLeftS: () => 0, recording: () => true, databaseUp: () => true };
  const metrics = createRecorderMetrics(registry, gauges);
  const start = () => {
    const rest = createRest(clock);
    const keeper: SessionKeeper = {
      role: 'recording',
      session: async () => table.held,
      stop: async () => {},
    };
    const bounds = () => ({ oldestSampleMs: 0, oldestLogMs: 0, newestMs: Number.MAX_SAFE_INTEGER });
    const recorder = createChannelRecorder({
      channel: CHANNEL,
      bus,
      ownLog,
      keeper,
      clock,
      logger: silentLogger,
      metrics,
      rest,
      bounds,
    });
    const ended = recorder.run();
    return async () => {
      rest.stop();
      recorder.wake();
      await ended;
    };
  };
  const counted = async (name: string) => {
    const found = await registry.getSingleMetric(`pulsewire_recorder_${name}_total`)?.get();
    return found?.values[0]?.value ?? 0;
  };
  return { table, bus, start, counted };
}

function say(bus: ReturnType<typeof createRig>['bus'], messages: readonly string[]): void {
  for (const [seq, message] of messages.entries()) {
    const data: Log['data'] = {
      service: 'api',
      level: 'info',
      message,
      timestamp: '2026-01-17T00:00:00Z',
      host: 'h',
      stream: 'stdout',
      seq,
    };
    bus.publish(CHANNEL, { type: 'log', data });
  }
}

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
/** Lets everything run that waits for nothing but promises. */
const settle = () => new Promise<void>((resolve) => afterTurns(200, resolve));

function afterTurns(turns: number, done: () => void): void {
  if (turns === 0) done();
  else void Promise.resolve().then(() => afterTurns(turns - 1, done));
}

describe('channel recorder', () => {
  it.each(['before', 'after'] as const)(
    'RC-11: the connection is lost %s the commit, every message once',
    async (when) => {
      const clock = createManualClock(START_MS);
      const { table, bus, start } = createRig(clock);
      const stop = start();
      await settle();
      table.fail(when);
      say(bus, ['a', 'b']);
      bus.publishForeign(CHANNEL, Buffer.from('foreign'));
      clock.advance(1000);
      await settle();
      clock.advance(1000);
      await settle();
      say(bus, ['c']);
      await stop();
      expect(table.rows).toEqual(['a', 'b', 'not_json', 'c']);
    },
  );

  it('RC-4: one refused message among many, the others recorded and it put aside', async () => {
    const clock = createManualClock(START_MS);
    const { table, bus, start } = createRig(clock);
    say(bus, [...lines(0, 700), 'refused', ...lines(700, 1000)]);
    const stop = start();
    await settle();
    await stop();
    expect(table.rows).toEqual(expect.arrayContaining([...lines(0, 1000), 'row_refused']));
    expect(table.rows).toHaveLength(1001);
  });

  it('RC-13, RC-16: more than the queue holds while nothing can be written, all of it once', async () => {
    const clock = createManualClock(START_MS);
    const { table, bus, start, counted } = createRig(clock);
    const stop = start();
    await settle();
    say(bus, lines(0, 25_000));
    await settle();
    await settle();
    await stop();
    expect(table.rows).toEqual(lines(0, 25_000));
    expect(Math.max(...table.sizes)).toBeLessThanOrEqual(5000);
    expect(await counted('gaps')).toBe(0);
  });

  it('RC-15: the log dropped what came after the position, counted and recorded from its beginning', async () => {
    const clock = createManualClock(START_MS);
    const { table, bus, start, counted } = createRig(clock, { logEntries: 100 });
    say(bus, lines(0, 10));
    const stop = start();
    await settle();
    await stop();
    say(bus, lines(10, 300));
    const stopAgain = start();
    await settle();
    await stopAgain();
    expect(await counted('gaps')).toBe(1);
    expect(table.rows.slice(0, 10)).toEqual(lines(0, 10));
    expect(table.rows.at(-1)).toBe('line 299');
    expect(new Set(table.rows).size).toBe(table.rows.length);
  });

  it.each([
    ['later', 3_600_000],
    ['earlier', -3_600_000],
  ])(
    'RC-17: a log of our own that begins %s than what is recorded, all of it and no gap',
    async (_, byMs) => {
      const before = createRig(createManualClock(START_MS));
      say(before.bus, ['a', 'b']);
      const stopBefore = before.start();
      await settle();
      await stopBefore();
      const clock = createManualClock(START_MS + byMs);
      const { table, bus, start, counted } = createRig(clock, { earlier: before.table });
      say(bus, ['c', 'd']);
      table.fail('before');
      const stop = start();
      await settle();
      clock.advance(1000);
      await settle();
      say(bus, ['e']);
      await stop();
      expect([table.rows, await counted('gaps')]).toEqual([['a', 'b', 'c', 'd', 'e'], 0]);
    },
  );

  it('RC-17: a log of our own that was full before recording began, counted as a gap', async () => {
    const clock = createManualClock(START_MS);
    const { table, bus, start, counted } = createRig(clock, { logEntries: 100, earlier: createTable() });
    say(bus, lines(0, 300));
    const stop = start();
    await settle();
    await stop();
    expect([await counted('gaps'), table.rows.at(-1)]).toEqual([1, 'line 299']);
  });
});
