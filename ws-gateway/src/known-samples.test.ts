import { CHANNELS, seriesKey } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptDelivery } from './arrival.js';
import { createKnownSamples, type KnownSamples } from './known-samples.js';
import { alert, metric, TIME } from './testing/messages.js';

const ID = '1768624200000-0';

/** As the bus sends it. */
function bytesOf(message: object, id: string | null = ID): Buffer {
  const body = JSON.stringify(message).slice(0, -1);
  return Buffer.from(id === null ? `${body}}` : `${body},"id":"${id}"}`);
}

/** As a foreign producer may write its value. */
function withValue(text: string): Buffer {
  return Buffer.from(bytesOf(metric()).toString().replace(':1,', `:${text},`));
}

function accept(bytes: Buffer, id: string | null, known?: KnownSamples) {
  return acceptDelivery({ channel: CHANNELS.metrics, id, bytes }, 1, 0, known);
}

/** What is known after these. */
function knowing(...seen: Buffer[]): KnownSamples {
  const known = createKnownSamples();
  for (const bytes of seen) accept(bytes, ID, known);
  return known;
}

describe('samples that are known', () => {
  it.each([
    ['time, value and id differ', { time: '2026-01-17T04:30:01.5Z', value: -12.75 }, '1768624201500-3'],
    ['it has no id', { value: 0 }, null],
    ['everything is the same', {}, ID],
  ])('GW-110: %s, found as it would be read', (_what, over, id) => {
    const bytes = bytesOf(metric(over), id);
    const found = knowing(bytesOf(metric())).find(bytes, id);
    expect(found).toEqual({ message: metric(over), series: seriesKey(metric()) });
  });

  it.each([
    ['another host', bytesOf(metric({}, { unit: 'percent', host: 'web-2' }))],
    ['another type of metric', bytesOf(metric({ metric_type: 'gpu' }))],
    ['a space more', Buffer.from(bytesOf(metric()).toString().replace(':1,', ': 1,'))],
    ['a time that is none', bytesOf(metric({ time: '2026-02-30T04:30:00Z' }))],
    ['an empty time', bytesOf(metric({ time: '' }))],
    ['a value that is no number', withValue('01')],
    ['an alert', bytesOf(alert())],
  ])('GW-110: %s, to be read', (_what, bytes) => {
    expect(knowing(bytesOf(metric())).find(bytes, ID)).toBeNull();
  });

  it('GW-110: bytes that end with another id than theirs, to be read', () => {
    expect(knowing(bytesOf(metric())).find(bytesOf(metric()), '1768624200000-1')).toBeNull();
  });

  it.each(['1234567890123456-0', '1-12345678901', '-1', 'one'])(
    'GW-110: it ends with %s, which is no id, to be read',
    (id) => {
      expect(knowing(bytesOf(metric())).find(bytesOf(metric(), id), id)).toBeNull();
    },
  );

  it.each([
    ['1e308', '9e308'],
    ['5e-7', '6e-7'],
  ])('GW-110: its value has an exponent as the one before, %s and %s, to be read', (before, after) => {
    expect(knowing(withValue(before)).find(withValue(after), ID)).toBeNull();
  });

  it('GW-110: it tells how stale it is, which differs each time, not remembered', () => {
    const stale = bytesOf(metric({}, { host: 'web-1', stale_s: 3 }));
    expect(knowing(stale).find(stale, ID)).toBeNull();
  });

  it.each([
    ['time', `"source":"host","time":"${TIME}"`],
    ['time, written with an escape', `"source":"host","\\u0074ime":"${TIME}"`],
    ['value', '"source":"host","value":1'],
  ])('GW-110: it has two of %s, to be read each time', (_what, both) => {
    const bytes = Buffer.from(bytesOf(metric()).toString().replace('"source":"host"', both));
    expect(knowing(bytes).find(bytes, ID)).toBeNull();
  });

  it('GW-110: one series more than it may know, no longer found, the new one is', () => {
    const known = createKnownSamples(3);
    const all = [0, 1, 2, 3].map((core) => bytesOf(metric({}, { core })));
    for (const bytes of all) accept(bytes, ID, known);
    const found = all.map((bytes) => known.find(bytes, ID) !== null);
    expect(found).toEqual([false, false, false, true]);
  });

  it('GW-110: more than 1 KiB, to be read each time', () => {
    const found = [500, 1024].map((length) => {
      const bytes = bytesOf({ ...metric(), more: 'x'.repeat(length) });
      return knowing(bytes).find(bytes, ID)?.message;
    });
    expect(found).toEqual([metric(), undefined]);
  });

  it('GW-110: more series than it may know, still found as they would be read', () => {
    const known = createKnownSamples(3);
    const all = Array.from({ length: 10 }, (_, core) => metric({ value: core }, { core }));
    const accepted = [...all, ...all].map((message) => accept(bytesOf(message), ID, known));
    expect(accepted.map((each) => each.ok && each.arrival.message)).toEqual([...all, ...all]);
  });

  it('GW-110: whatever comes after whatever, the outcome is that of reading', () => {
    const text = bytesOf(metric());
    const sample = fc
      .record({
        time: fc.constantFrom(TIME, '2026-01-17T04:30:00.125Z', '2026-13-17T04:30:00Z', ''),
        value: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 1e21, 0.1)),
        core: fc.option(fc.integer({ min: -1, max: 1 }), { nil: undefined }),
        host: fc.constantFrom('web-1', 'wéb', ',"value":', '"time"'),
        more: fc.constantFrom({}, { value: 1 }, { id: ID }, { time: TIME }),
      })
      .map(({ time, value, core, host, more }) =>
        bytesOf(metric({ time, value, ...more }, { host, ...(core === undefined ? {} : { core }), ...more })),
      );
    const damaged = fc
      .record({
        at: fc.nat(text.length - 1),
        with: fc.constantFrom('', '"', '0', '-', '.', ',', '}', 'x', '\\'),
      })
      .map(({ at, with: put }) =>
        Buffer.concat([text.subarray(0, at), Buffer.from(put), text.subarray(at + 1)]),
      );
    const values = [
      '1',
      '-0',
      '0.50',
      '1e5',
      '2e5',
      '1E5',
      '1e308',
      '9e308',
      '01',
      '1.',
      '.5',
      '+1',
      '-',
      '',
    ];
    const foreign = fc.constantFrom(...values).map(withValue);
    const bytes = fc.oneof(sample, damaged, foreign, fc.constant(text));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 30 }), (sequence) => {
        const known = createKnownSamples();
        for (const each of sequence) {
          // The bus tells no id that the bytes do not end with.
          const id = each.toString().endsWith(`,"id":"${ID}"}`) ? ID : null;
          expect(accept(each, id, known)).toEqual(accept(each, id));
        }
      }),
    );
  });
});
