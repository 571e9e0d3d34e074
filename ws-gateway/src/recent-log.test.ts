import { createManualClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogReader } from './log-reader.js';
import { createRecentLog, type RecentBounds } from './recent-log.js';
import { arrival, idAt, metric } from './testing/messages.js';

const { metrics, events } = CHANNELS;
const BOUNDS: RecentBounds = { maxAgeMs: 1000, maxEntries: 5, maxBytes: 1_000_000 };

function setUp(bounds: Partial<RecentBounds> = {}) {
  const clock = createManualClock();
  const log = createRecentLog(clock, { ...BOUNDS, ...bounds });
  const note = (second: number, bytes = 1) =>
    log.note(
      arrival(metric(), {
        id: idAt(second),
        receivedMs: clock.monotonicMs(),
        payload: Buffer.alloc(bytes, String(second % 10)),
      }),
    );
  return { clock, log, note };
}

async function readAll(reader: LogReader | null, after: string): Promise<string[] | null> {
  if (reader === null) return null;
  const { entries } = await reader.readLog(metrics, { after, limit: 1000 });
  return entries.map(({ id }) => id);
}

describe('the recent log', () => {
  it('GW-38: everything since the position is here', async () => {
    const { log, note } = setUp();
    for (const second of [1, 2, 3]) note(second);
    expect(await readAll(log.readerFor([metrics], idAt(1)), idAt(1))).toEqual([idAt(2), idAt(3)]);
  });

  it.each([
    ['messages', {}],
    ['bytes', { maxEntries: 100, maxBytes: 5 }],
  ] as const)('GW-38: more %s than the bound, the oldest are gone and not asked for', (_what, bounds) => {
    const { log, note } = setUp(bounds);
    for (let second = 1; second <= 8; second += 1) note(second);
    const known = [2, 3, 4].map((second) => log.readerFor([metrics], idAt(second)) !== null);
    expect([log.size(), log.bytes(), known]).toEqual([5, 5, [false, true, true]]);
  });

  it('GW-38: older than the bound, gone', () => {
    const { clock, log, note } = setUp();
    note(1);
    clock.advance(600);
    note(2);
    clock.advance(600);
    expect([log.readerFor([metrics], idAt(1)) === null, log.size()]).toEqual([false, 1]);
    clock.advance(600);
    expect([log.readerFor([metrics], idAt(1)) === null, log.size()]).toEqual([true, 0]);
  });

  it('GW-38: older than the bound, gone with the next message that comes a second later', () => {
    const { clock, log, note } = setUp();
    note(1);
    clock.advance(1100);
    note(2);
    expect(log.size()).toBe(1);
  });

  it('GW-38: gone while a client reads, the reader rejects', async () => {
    const { log, note } = setUp();
    note(1);
    note(2);
    const reader = log.readerFor([metrics], idAt(1));
    for (let second = 3; second <= 12; second += 1) note(second);
    await expect(readAll(reader, idAt(1))).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('GW-46: another channel, known from the start or from before the position on', () => {
    const { log, note } = setUp();
    note(5);
    const unknown = log.readerFor([metrics, events], idAt(5));
    log.begin(events, idAt(4));
    expect([unknown, log.readerFor([metrics, events], idAt(5)) === null]).toEqual([null, false]);
  });

  it('GW-46: a position that two channels have given out, here only from the beginning of its millisecond', () => {
    const { log, note } = setUp();
    const event = () =>
      log.note(arrival(metric(), { id: idAt(5), channel: events, payload: Buffer.from('e') }));
    note(5);
    event();
    const fromIdOnly = log.readerFor([metrics, events], idAt(5));
    log.lose(metrics);
    log.lose(events);
    for (const channel of [metrics, events]) log.begin(channel, idAt(4));
    note(5);
    event();
    expect([fromIdOnly, log.readerFor([metrics, events], idAt(5)) === null]).toEqual([null, false]);
  });

  it('GW-46: a position that no channel has given out, not here', () => {
    const { log, note } = setUp();
    note(1);
    note(3);
    expect(log.readerFor([metrics], idAt(2))).toBe(null);
  });

  it.each(['a gap', 'ids that went back'])('GW-38: %s, begun anew', (what) => {
    const { log, note } = setUp();
    note(5);
    note(6);
    if (what === 'a gap') log.lose(metrics);
    note(what === 'a gap' ? 7 : 2);
    expect([log.size(), log.bytes(), log.readerFor([metrics], idAt(5))]).toEqual([1, 1, null]);
  });

  it('GW-38: any arrivals, bounds hold and each reader gives exactly what came after its position', async () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.nat(59), async (steps, pick) => {
        const { log, note } = setUp({ maxEntries: 20 });
        let second = 0;
        const seconds = steps.map((step) => {
          second += step;
          return second;
        });
        for (const each of seconds) note(each);
        const after = seconds[pick % seconds.length] ?? 0;
        const read = await readAll(log.readerFor([metrics], idAt(after)), idAt(after));
        const expected = seconds.filter((each) => each > after).map(idAt);
        expect(log.size()).toBeLessThanOrEqual(20);
        if (read === null) expect(expected.length).toBeGreaterThan(20);
        else expect(read).toEqual(expected);
      }),
    );
  });
});
