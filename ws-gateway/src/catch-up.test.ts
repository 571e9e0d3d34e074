import { createManualClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.js';
import { MAX_KEPT_BYTES, startCatchUp } from './catch-up.js';
import type { LogPage } from './log-reader.js';
import { readSelection } from './selection.js';
import { createDeferred, settled } from './testing/deferred.js';
import { arrival, idAt, metric } from './testing/messages.js';

const ALL = readSelection({ topics: 'metrics' });

function entry(second: number) {
  const id = idAt(second);
  return { id, bytes: Buffer.from(JSON.stringify({ ...metric({ value: second }), id })) };
}

function seconds(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => entry(from + index));
}

function setUp(after = idAt(0)) {
  if (!ALL.ok) throw new Error('bad selection');
  const clock = createManualClock();
  const reads: { after: string | null; answer(page: LogPage): void; fail(): void }[] = [];
  const events: string[] = [];
  const heard: number[] = [];
  let readAsked = () => {};
  const done = createDeferred<Arrival[]>();
  const catchUp = startCatchUp({
    log: {
      readLog: (_channel, options) =>
        new Promise((resolve, reject) => {
          reads.push({ after: options.after, answer: resolve, fail: () => reject(new Error('down')) });
          readAsked();
        }),
    },
    clock,
    selection: ALL.selection,
    after,
    onBegin: (resumed, firstIds) => events.push(`${resumed} ${firstIds.get(CHANNELS.metrics)}`),
    onEntries: (payloads) => {
      heard.push(...payloads.map((bytes) => JSON.parse(String(bytes)).data.value));
    },
    whenDrained: async () => true,
    turn: async () => {},
    onDone: (arrivals) => done.resolve(arrivals),
    onUnavailable(begun) {
      events.push(`unavailable ${begun}`);
      done.resolve([]);
    },
    onOverflow: () => events.push('overflow'),
  });
  async function read(index: number) {
    while (reads.length <= index)
      await new Promise<void>((resolve) => {
        readAsked = resolve;
      });
    const asked = reads[index];
    if (asked === undefined) throw new Error('unreachable');
    return asked;
  }
  return { catchUp, clock, read, events, heard, done: done.promise };
}

const live = (second: number | null, value = second ?? 0) =>
  arrival(metric({ value }), { id: second === null ? null : idAt(second) });

describe('a catch-up', () => {
  it('GW-45: one page, everything in it and then what arrived meanwhile', async () => {
    const { catchUp, read, heard, done, events } = setUp();
    (await read(0)).answer({ entries: seconds(1, 3), reachesBack: true });
    catchUp.offer(live(4));
    expect((await done).map(({ id }) => id)).toEqual([idAt(4)]);
    expect([heard, events]).toEqual([[1, 2, 3], [`complete ${idAt(1)}`]]);
  });

  it('GW-45: arrived meanwhile and in the page, not twice', async () => {
    const { catchUp, read, done } = setUp();
    const asked = await read(0);
    for (const second of [2, 3, 4]) catchUp.offer(live(second));
    asked.answer({ entries: seconds(1, 3), reachesBack: true });
    expect((await done).map(({ id }) => id)).toEqual([idAt(4)]);
  });

  it('GW-45: foreign messages meanwhile, kept over all pages', async () => {
    const { catchUp, read, done } = setUp();
    const first = await read(0);
    catchUp.offer(live(null, 77));
    first.answer({ entries: seconds(1, 250), reachesBack: true });
    (await read(1)).answer({ entries: [], reachesBack: true });
    expect((await done).map(({ id }) => id)).toEqual([null]);
  });

  it('GW-49: many pages, each read after the last entry of the one before', async () => {
    const { read, heard, done } = setUp();
    (await read(0)).answer({ entries: seconds(1, 250), reachesBack: true });
    const second = await read(1);
    second.answer({ entries: seconds(1001, 5), reachesBack: true });
    await done;
    expect([second.after, heard.length]).toEqual([idAt(250), 255]);
  });

  it('GW-47: the log does not reach back, partial with its first id', async () => {
    const { read, events, done } = setUp();
    (await read(0)).answer({ entries: seconds(5, 1), reachesBack: false });
    await done;
    expect(events).toEqual([`partial ${idAt(5)}`]);
  });

  it('GW-47: an id of another log, later than all that comes, what arrives meanwhile is not lost', async () => {
    const { catchUp, read, done, events } = setUp(idAt(1000));
    const asked = await read(0);
    catchUp.offer(live(4));
    asked.answer({ entries: [], reachesBack: false });
    expect((await done).map(({ id }) => id)).toEqual([idAt(4)]);
    expect(events).toEqual(['partial null']);
  });

  it('GW-47: the log fails at once, unavailable before anything began', async () => {
    const { read, events, done } = setUp();
    (await read(0)).fail();
    await done;
    expect(events).toEqual(['unavailable false']);
  });

  it('GW-47: the log never answers, given up after 2 s', async () => {
    const { clock, read, events, done } = setUp();
    await read(0);
    clock.advance(2000);
    await done;
    expect(events).toEqual(['unavailable false']);
  });

  it('GW-48: the log fails half-way, unavailable after it began', async () => {
    const { read, events, done } = setUp();
    (await read(0)).answer({ entries: seconds(1, 250), reachesBack: true });
    (await read(1)).fail();
    await done;
    expect(events.at(-1)).toBe('unavailable true');
  });

  it('GW-48: the log is trimmed past a page while it is read, unavailable after it began', async () => {
    const { read, heard, events, done } = setUp();
    (await read(0)).answer({ entries: seconds(1, 250), reachesBack: true });
    (await read(1)).answer({ entries: seconds(900, 5), reachesBack: false });
    await done;
    expect([heard.length, events.at(-1)]).toEqual([250, 'unavailable true']);
  });

  it('GW-49: more arrives meanwhile than may be kept, given up once and nothing kept', async () => {
    const { catchUp, read, heard, events } = setUp();
    const asked = await read(0);
    const half = { ...live(null), payload: Buffer.alloc(MAX_KEPT_BYTES / 2) };
    for (const each of [half, half]) catchUp.offer(each);
    expect([catchUp.keptBytes(), events]).toEqual([MAX_KEPT_BYTES, []]);
    for (const each of [live(null), half, half, half]) catchUp.offer(each);
    asked.answer({ entries: seconds(1, 3), reachesBack: true });
    await settled();
    expect([heard, events, catchUp.keptBytes()]).toEqual([[], ['overflow'], 0]);
  });

  it('GW-49: what a page brings makes room, never given up', async () => {
    const { catchUp, read, done, events } = setUp();
    const half = { ...live(1), payload: Buffer.alloc(MAX_KEPT_BYTES / 2) };
    const first = await read(0);
    for (const each of [half, half]) catchUp.offer(each);
    first.answer({ entries: seconds(1, 250), reachesBack: true });
    const second = await read(1);
    for (const each of [half, half]) catchUp.offer(each);
    second.answer({ entries: seconds(1001, 1), reachesBack: true });
    await done;
    expect(events).toEqual([`complete ${idAt(1)}`]);
  });

  it('GW-71: cancelled, nothing is called any more', async () => {
    const { catchUp, read, heard, events } = setUp();
    const asked = await read(0);
    catchUp.cancel();
    asked.answer({ entries: seconds(1, 3), reachesBack: true });
    await settled();
    expect([heard, events]).toEqual([[], []]);
  });
});
