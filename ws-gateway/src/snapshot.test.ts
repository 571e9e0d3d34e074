import type { BusMessage } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { readSelection, type SelectionFields } from './selection.js';
import { createSnapshot, type Snapshot } from './snapshot.js';
import { alert, arrival, metric, status, TIME } from './testing/messages.js';

function collect(snapshot: Snapshot, fields: SelectionFields = {}): string[] {
  const result = readSelection(fields);
  if (!result.ok) throw new Error('bad selection');
  return snapshot.collect(result.selection).map(({ payload }) => payload.toString());
}

function filled(messages: BusMessage[], snapshot = createSnapshot()): Snapshot {
  messages.forEach((message, seq) => {
    snapshot.note(arrival(message, { seq }));
  });
  return snapshot;
}

const text = (message: BusMessage) => JSON.stringify(message);
const containerMetric = (container: string, host = 'web-1') =>
  metric({ source: 'container' }, { host, container });

const incident = (action: 'created' | 'resolved'): BusMessage => ({
  type: 'incident',
  data: { incident_id: 'i', action, title: '', status: '', severity: '', services: [], time: TIME },
});

describe('the snapshot', () => {
  it('GW-41: the newest of every series, oldest first', () => {
    const newer = metric({ value: 2 });
    const messages = [metric({ value: 1 }), metric({ metric_type: 'mem' }), newer];
    expect(collect(filled(messages))).toEqual([text(metric({ metric_type: 'mem' })), text(newer)]);
  });

  it('GW-41: renewals of every length, each payload to the byte', () => {
    const values = [1, 123_456_789, 2, 1.000_000_000_1, 3];
    for (let count = 1; count <= values.length; count += 1) {
      const messages = values.slice(0, count).map((value) => metric({ value }));
      expect(collect(filled(messages))).toEqual([text(messages[count - 1] as BusMessage)]);
    }
  });

  it('GW-41: only what was asked for', () => {
    const snapshot = filled([metric(), alert(), status()]);
    expect(collect(snapshot, { topics: 'alerts' })).toEqual([text(alert())]);
  });

  it('GW-42: a resolved alert, gone', () => {
    expect(collect(filled([alert(), alert({ state: 'resolved' })]))).toEqual([]);
  });

  it('GW-42: a resolved incident, gone', () => {
    expect(collect(filled([incident('created'), incident('resolved')]))).toEqual([]);
  });

  it('GW-42: a removed container, gone with its samples; its namesake elsewhere stays', () => {
    const elsewhere = containerMetric('shop', 'web-2');
    const messages = [status(), containerMetric('shop'), elsewhere, status({ removed: true })];
    expect(collect(filled(messages))).toEqual([text(elsewhere)]);
  });

  it('GW-42: a renamed container, its samples under the old name are gone', () => {
    const renamed = status({ id: 'x', container: 'store', previous_name: 'shop' });
    expect(collect(filled([status({ id: 'x' }), containerMetric('shop'), renamed]))).toEqual([text(renamed)]);
  });

  it('GW-42: a log, never in it', () => {
    const log: BusMessage = {
      type: 'log',
      data: {
        service: 's',
        level: 'info',
        message: '',
        timestamp: TIME,
        host: 'h',
        stream: 'stdout',
        seq: 1,
      },
    };
    expect(collect(filled([log]), { topics: 'logs' })).toEqual([]);
  });

  it('GW-43: more series than fit, the one renewed longest ago leaves', () => {
    const bounds = { maxEntries: 2, maxBytes: 100_000 };
    const [a, b, c] = ['a', 'b', 'c'].map((name) => metric({ metric_type: name })) as [
      BusMessage,
      BusMessage,
      BusMessage,
    ];
    const snapshot = filled([a, b, a, c], createSnapshot({ samples: bounds }));
    expect(collect(snapshot)).toEqual([text(a), text(c)]);
  });

  it('GW-43: more bytes than fit, within the bound', () => {
    const bounds = { maxEntries: 1000, maxBytes: 1000 };
    const messages = Array.from({ length: 100 }, (_, index) => metric({ metric_type: `m${index}` }));
    expect(filled(messages, createSnapshot({ samples: bounds })).bytes()).toBeLessThanOrEqual(1000);
  });

  it('GW-43: a flood of samples, the firing alert stays', () => {
    const bounds = { maxEntries: 5, maxBytes: 100_000 };
    const flood = Array.from({ length: 100 }, (_, index) => metric({ metric_type: `m${index}` }));
    const snapshot = filled([alert(), ...flood], createSnapshot({ samples: bounds }));
    expect(collect(snapshot, { topics: 'alerts' })).toEqual([text(alert())]);
  });
});
