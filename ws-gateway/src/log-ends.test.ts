import { createManualClock, createMemoryBus } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { type EndPage, readLogBeginning, readLogEnd } from './log-ends.js';
import { alert, metric } from './testing/messages.js';

const CHANNEL = CHANNELS.metrics;

/** A log of so many messages, one a millisecond: an alert first and samples of one series behind it. */
function logOf(messages: number) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, logEntries: 60_000 });
  for (let index = 0; index < messages; index += 1) {
    bus.publish(CHANNEL, index === 0 ? alert() : metric({ value: index }));
    clock.advance(1);
  }
  const ids = async () => {
    const { entries } = await bus.readLog(CHANNEL, { after: null, limit: messages });
    return entries.map(({ id }) => id);
  };
  return { bus, ids };
}

async function readEnd(bus: ReturnType<typeof createMemoryBus>) {
  const pages: EndPage[] = [];
  await readLogEnd(bus, CHANNEL, (page) => pages.push(page));
  const [first] = pages;
  const read = pages.flatMap(({ entries }) => entries.map(({ id }) => id));
  return { read, startsAfter: first?.startsAfter, floor: first?.floor, reached: pages.at(-1)?.reached };
}

describe('the ends of a log', () => {
  it('GW-111: a short log, all of it is its end', async () => {
    const { bus, ids } = logOf(2500);
    const all = await ids();
    expect(await readEnd(bus)).toEqual({ read: all, startsAfter: null, floor: '0-0', reached: all.at(-1) });
  });

  it('GW-111: an empty log, its end is empty and whole', async () => {
    expect(await readEnd(logOf(0).bus)).toEqual({
      read: [],
      startsAfter: null,
      floor: '0-0',
      reached: '0-0',
    });
  });

  it('GW-111: a long log, about 20,000 entries without a gap up to the newest', async () => {
    const { bus, ids } = logOf(50_000);
    const { read, startsAfter, floor, reached } = await readEnd(bus);
    const all = await ids();
    const start = all.indexOf(startsAfter ?? '') + 1;
    expect(read).toEqual(all.slice(start));
    expect([floor, reached, Math.round(read.length / 100)]).toEqual([startsAfter, all.at(-1), 200]);
  });

  it('GW-111: the log is lost while its end is read, that fails', async () => {
    const { bus } = logOf(30_000);
    const { readLog } = bus;
    let reads = 0;
    bus.readLog = async (channel, options) => {
      reads += 1;
      const page = await readLog(channel, options);
      return reads > 4 ? { ...page, reachesBack: false } : page;
    };
    await expect(readEnd(bus)).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('GW-106: what lies before the end, no further than that and the newest of every series', async () => {
    const { bus, ids } = logOf(5000);
    const all = await ids();
    const found: string[] = [];
    await readLogBeginning(bus, CHANNEL, all[1500] ?? '', ({ id }) => found.push(id));
    expect(found).toEqual([all[0], all[1500]]);
  });

  it('GW-106: the log is lost while that is read, that fails', async () => {
    const { bus, ids } = logOf(5000);
    const all = await ids();
    const { readLog } = bus;
    bus.readLog = async (channel, options) => {
      const page = await readLog(channel, options);
      return options.after === '0-0' ? page : { ...page, entries: [], reachesBack: false };
    };
    const reading = readLogBeginning(bus, CHANNEL, all[4500] ?? '', () => {});
    await expect(reading).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('GW-106: a page cannot be read, that fails', async () => {
    const { bus, ids } = logOf(5000);
    const all = await ids();
    const { readLog } = bus;
    let reads = 0;
    bus.readLog = (channel, options) => {
      reads += 1;
      return reads === 3 ? Promise.reject(new Error('broken')) : readLog(channel, options);
    };
    const reading = readLogBeginning(bus, CHANNEL, all[4500] ?? '', () => {});
    await expect(reading).rejects.toThrow('broken');
  });
});
