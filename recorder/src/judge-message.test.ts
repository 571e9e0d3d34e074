import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMessage } from './judge-message.js';

const BOUNDS = {
  oldestSampleMs: Date.parse('2026-01-01T00:00:00Z'),
  oldestLogMs: Date.parse('2026-01-05T00:00:00Z'),
  newestMs: Date.parse('2026-02-01T00:00:00Z'),
};
const METRIC = {
  time: '2026-01-17T06:20:00.5Z',
  metric_type: 'cpu',
  value: 1,
  source: 'host',
  meta: { host: 'web-1', unit: 'percent' },
};
const LOG = {
  service: 'api',
  level: 'info',
  message: 'hello',
  timestamp: '2026-01-17T06:20:00Z',
  host: 'web-1',
  stream: 'stdout',
  seq: 1,
};

function judge(type: string, data: object) {
  return judgeMessage(Buffer.from(JSON.stringify({ type, data })), BOUNDS);
}

describe('judgeMessage', () => {
  it('RC-1: a sample and a line, for the record', () => {
    expect(judge('system_metric', METRIC)).toMatchObject({ kind: 'record', message: { data: METRIC } });
    expect(judge('log', LOG)).toMatchObject({ kind: 'record' });
  });

  it.each([
    ['not_json', Buffer.from('{"type":')],
    ['not_utf8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['unknown_type', Buffer.from('{"type":"weather","data":{}}')],
    ['invalid_field', Buffer.from('{"type":"log","data":{}}')],
  ])('RC-3: bytes that are no message, %s', (reason, bytes) => {
    expect(judgeMessage(bytes, BOUNDS)).toEqual({ kind: 'dead', reason });
  });

  it('RC-3: NUL and half a character, in a value or in a name, unstorable_text', () => {
    const dead = { kind: 'dead', reason: 'unstorable_text' };
    expect(judge('log', { ...LOG, message: 'a\0b' })).toEqual(dead);
    expect(judge('system_metric', { ...METRIC, meta: { host: 'a\ud800' } })).toEqual(dead);
    expect(judge('system_metric', { ...METRIC, meta: { 'x\0': 1 } })).toEqual(dead);
  });

  it('RC-3: text that only looks so, recorded', () => {
    expect(judge('log', { ...LOG, message: '\\u0000 and \u{1f600}' }).kind).toBe('record');
  });

  it('RC-3: a number too large for JSON, number_out_of_range or a field that does not fit', () => {
    const text = JSON.stringify({ type: 'system_metric', data: METRIC }).replace(
      '"value":1',
      '"value":1e999',
    );
    const judged = judgeMessage(Buffer.from(text), BOUNDS);
    expect(judged).toMatchObject({
      kind: 'dead',
      reason: expect.stringMatching(/number_out_of_range|invalid_field/),
    });
  });

  it.each([
    ['system_metric', { ...METRIC, value: -1e300 }],
    ['system_metric', { ...METRIC, meta: { core: 2 ** 31 } }],
    ['container_status', { container: 'c', status: 'exited', time: METRIC.time, exit_code: 2 ** 40 }],
    ['log', { ...LOG, seq: 1e300 }],
  ])(
    'RC-3: a %s with a number that no column holds or no sum survives, number_out_of_range',
    (type, data) => {
      expect(judge(type, data)).toEqual({ kind: 'dead', reason: 'number_out_of_range' });
    },
  );

  it('RC-3: nested so deeply that to render it takes the whole stack, nested_too_deeply', () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    const text = JSON.stringify({ type: 'log', data: LOG }).replace('"seq":1', `"seq":1,"x":${deep}`);
    expect(judgeMessage(Buffer.from(text), BOUNDS)).toEqual({ kind: 'dead', reason: 'nested_too_deeply' });
  });

  it('RC-3: a container that was started on a day that never was, time_invalid', () => {
    const data = {
      container: 'c',
      status: 'running',
      time: METRIC.time,
      started_at: '2025-02-29T00:00:00Z',
    };
    expect(judge('container_status', data)).toEqual({ kind: 'dead', reason: 'time_invalid' });
  });

  it('RC-3: the 29th of February of an ordinary year, time_invalid', () => {
    const wide = { ...BOUNDS, oldestSampleMs: 0, newestMs: Number.MAX_SAFE_INTEGER };
    const of = (time: string) =>
      judgeMessage(Buffer.from(JSON.stringify({ type: 'system_metric', data: { ...METRIC, time } })), wide);
    expect(of('2026-02-29T00:00:00Z')).toEqual({ kind: 'dead', reason: 'time_invalid' });
    expect(of('2028-02-29T00:00:00Z').kind).toBe('record');
  });

  it('RC-3: too old for the samples, too old for the logs, too far ahead, time_out_of_range', () => {
    const dead = { kind: 'dead', reason: 'time_out_of_range' };
    expect(judge('system_metric', { ...METRIC, time: '2025-12-31T23:59:59Z' })).toEqual(dead);
    expect(judge('system_metric', { ...METRIC, time: '2026-02-01T00:00:01Z' })).toEqual(dead);
    expect(judge('log', { ...LOG, timestamp: '2026-01-04T00:00:00Z' })).toEqual(dead);
  });

  it('RC-6: an incident, passed over', () => {
    const incident = {
      incident_id: 'i',
      action: 'created',
      title: 't',
      status: 's',
      severity: 'x',
      services: [],
      time: METRIC.time,
    };
    expect(judge('incident', incident)).toEqual({ kind: 'ignore' });
  });

  it('RC-3: any bytes at all, judged without throwing', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (any) => {
        expect(['record', 'ignore', 'dead']).toContain(judgeMessage(Buffer.from(any), BOUNDS).kind);
      }),
    );
  });
});
