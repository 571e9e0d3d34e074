import type { LogEntry } from '@pulsewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptDelivery } from './arrival.js';
import { createNewestEntries } from './newest-entries.js';
import { alert, metric } from './testing/messages.js';

const CHANNEL = 'system:metrics';

function entryOf(message: object | string, sequence: number): LogEntry {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const id = `1768624200000-${sequence}`;
  return { id, bytes: Buffer.from(`${text.slice(0, -1)},"id":"${id}"}`) };
}

function take(entries: readonly LogEntry[]): LogEntry[] {
  const newest = createNewestEntries();
  for (const entry of entries) newest.add(entry);
  return [...newest.take()];
}

/** The id of the newest valid entry of each series, in the order of the log. */
function foldAll(entries: readonly LogEntry[]): string[] {
  const newest = new Map<string, string>();
  for (const { id, bytes } of entries) {
    const accepted = acceptDelivery({ channel: CHANNEL, id, bytes }, 1, 0);
    if (!accepted.ok) continue;
    newest.delete(accepted.arrival.series);
    newest.set(accepted.arrival.series, id);
  }
  return [...newest.values()];
}

describe('the newest entries', () => {
  it('GW-106: samples that differ in time and value only, the last one of them in its place', () => {
    const entries = [metric({ value: 1 }), metric({ metric_type: 'memory' }), metric({ value: -2.5 })].map(
      entryOf,
    );
    expect(take(entries).map(({ id }) => id)).toEqual([entries[1]?.id, entries[2]?.id]);
  });

  it('GW-106: alerts, each of them', () => {
    const entries = [alert(), alert()].map(entryOf);
    expect(take(entries)).toEqual(entries);
  });

  it('GW-106: taken, it begins anew', () => {
    const newest = createNewestEntries();
    newest.add(entryOf(metric(), 1));
    const taken = [...newest.take()];
    expect([taken.length, newest.size]).toEqual([1, 0]);
  });

  it('GW-106: any log, the newest of every series is what it is with all entries', () => {
    const time = fc.constantFrom(
      '2026-01-17T04:30:00.000Z',
      '2026-01-17T04:30:01.5Z',
      '2026-02-30T00:00:00Z',
      '',
    );
    const number = fc.constantFrom('1', '-0.5', '1e2', '1e999', '01', '"3"', '12345678901234567890', '4.25');
    const host = fc.constantFrom('a', 'b', 'ä', 'x","value":9,"y', '{"time":"1"}');
    const sample = fc
      .record({
        time,
        number,
        host,
        type: fc.constantFrom('cpu', 'memory', 'CPU'),
        extra: fc.constantFrom('', ',"value":7'),
      })
      .map(
        ({ time: at, number: value, host: name, type, extra }) =>
          `{"type":"system_metric","data":{"time":"${at}","metric_type":"${type}","value":${value},"source":"host",` +
          `"meta":{"host":${JSON.stringify(name)}}${extra}}}`,
      );
    const other = fc.constantFrom(JSON.stringify(alert()), '{', '{"type":"system_metric","data":{}}');
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: sample }, other), { maxLength: 40 }), (texts) => {
        const entries = texts.map(entryOf);
        expect(foldAll(take(entries))).toEqual(foldAll(entries));
      }),
    );
  });
});
