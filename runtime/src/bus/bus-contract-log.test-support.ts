/** The part of the bus contract about reading the log. */
import { CHANNELS } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import type { BusBench } from './bus-contract.test-support.js';
import { createBusRecorder, publishAlerts } from './bus-recorder.test-support.js';

const { metrics, logs } = CHANNELS;

export function describeLog(bench: () => BusBench): void {
  it('RT-66: the log, is read in pages with the bytes that subscribers received', async () => {
    const recorder = createBusRecorder();
    await bench().subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
    publishAlerts(bench().publisher, metrics, ['a', 'b', 'c']);
    await recorder.count(3);
    const first = await bench().subscriber.readLog(metrics, { after: null, limit: 2 });
    const after = String(first.entries[1]?.id);
    const second = await bench().subscriber.readLog(metrics, { after, limit: 2 });
    const entries = [...first.entries, ...second.entries];
    expect(entries).toEqual(recorder.deliveries.map(({ id, bytes }) => ({ id, bytes })));
    expect([first.reachesBack, second.reachesBack]).toEqual([true, true]);
    const end = await bench().subscriber.readLog(metrics, { after: String(entries[2]?.id), limit: 2 });
    expect(end).toEqual({ entries: [], reachesBack: true, logEntries: 3, lastId: entries[2]?.id });
  });

  it('RT-69: only what begins in one way, in pages, among other entries', async () => {
    const names = Array.from(
      { length: 2500 },
      (_, index) => `${index % 1000 === 7 ? 'wanted' : 'other'}-${index}`,
    );
    publishAlerts(bench().publisher, metrics, names);
    await bench().publisher.flush(5000);
    const startsWith = '{"type":"alert","data":{"alert_id":"wanted';
    const first = await bench().subscriber.readLog(metrics, { after: null, limit: 2, startsWith });
    const after = String(first.entries[1]?.id);
    const second = await bench().subscriber.readLog(metrics, { after, limit: 2, startsWith });
    const found = [...first.entries, ...second.entries].map(
      ({ bytes }) => /wanted-\d+/.exec(String(bytes))?.[0],
    );
    expect(found).toEqual(['wanted-7', 'wanted-1007', 'wanted-2007']);
    const all = await bench().subscriber.readLog(metrics, { after: null, limit: 3000 });
    expect(all.entries).toEqual(expect.arrayContaining(first.entries));
  });

  it('RT-67: a position that is not in the log, does not reach back', async () => {
    publishAlerts(bench().publisher, metrics, ['a']);
    await bench().publisher.flush(5000);
    const old = await bench().subscriber.readLog(metrics, { after: '5-0', limit: 10 });
    expect([old.entries.length, old.reachesBack]).toEqual([1, false]);
    const future = await bench().subscriber.readLog(metrics, { after: '999999999999999-0', limit: 10 });
    const lastId = old.entries[0]?.id;
    expect(future).toEqual({ entries: [], reachesBack: false, logEntries: 1, lastId });
    const empty = await bench().subscriber.readLog(logs, { after: null, limit: 10 });
    expect(empty).toEqual({ entries: [], reachesBack: true, logEntries: 0, lastId: '0-0' });
  });

  it('RT-68: a malformed position, or a bus that is down, is refused with a code', async () => {
    const malformed = { code: 'position_invalid' };
    await expect(bench().subscriber.readLog(metrics, { after: '(1-0', limit: 1 })).rejects.toMatchObject(
      malformed,
    );
    const recorder = createBusRecorder();
    expect(() =>
      bench().subscriber.subscribe({ channels: [metrics], after: { [metrics]: '-' }, ...recorder }),
    ).toThrow(expect.objectContaining(malformed));
    await bench().interrupt();
    await expect(bench().subscriber.readLog(metrics, { after: null, limit: 1 })).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    await bench().restore();
  });
}
