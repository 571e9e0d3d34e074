import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { buildBatch, countRows, type Entry } from './build-batch.js';

const TIME = '2026-01-17T06:20:00.123456Z';
const BOUNDS = { oldestSampleMs: 0, oldestLogMs: 0, newestMs: Date.parse('2027-01-01T00:00:00Z') };

function entryOf(id: string | null, type: string, data: object): Entry {
  return { id, bytes: Buffer.from(JSON.stringify({ type, data })) };
}

function build(entries: readonly Entry[], condemned: { entry: Entry; reason: string } | null = null) {
  const channel = CHANNELS.metrics;
  return buildBatch({ channel, after: '5-0', token: 't', entries, bounds: BOUNDS, condemned });
}

const METRIC = entryOf('7-0', 'system_metric', {
  time: TIME,
  metric_type: 'disk',
  value: 4.5,
  source: 'host',
  meta: { unit: 'percent', host: 'web-1', mount: '/data' },
});

describe('buildBatch', () => {
  it('RC-1: a sample, its identity, its own time and its whole meta', () => {
    expect(build([METRIC]).samples).toEqual([
      {
        metricType: 'disk',
        source: 'host',
        host: 'web-1',
        container: null,
        mount: '/data',
        core: null,
        unit: 'percent',
        time: TIME,
        value: 4.5,
        meta: '{"unit":"percent","host":"web-1","mount":"/data"}',
      },
    ]);
  });

  it.each([
    ['running', 1],
    ['paused', 0],
    ['exited', 0],
  ])('RC-2: a container that is %s, a status and a sample of %d', (status, value) => {
    const batch = build([
      entryOf('7-0', 'container_status', { container: 'api', status, time: TIME, host: 'h' }),
    ]);
    expect(batch.containers).toMatchObject([{ container: 'api', status }]);
    expect(batch.samples).toMatchObject([
      { metricType: 'container_status', source: 'container', container: 'api', value },
    ]);
  });

  it('RC-5: foreign messages at the end, the position of the last one with a place', () => {
    expect(build([METRIC, { ...METRIC, id: null }]).position).toBe('7-0');
  });

  it('RC-5: foreign messages only, the position stays', () => {
    const batch = build([{ ...METRIC, id: null }]);
    expect(batch).toMatchObject({ after: '5-0', position: '5-0' });
    expect(countRows(batch)).toBe(1);
  });

  it('RC-3: bytes that are no text, a dead letter that can be stored', () => {
    const { deadLetters } = build([{ id: '7-0', bytes: Buffer.from([0x00, 0xff, 0x41]) }]);
    expect(deadLetters).toEqual([{ id: '7-0', payload: '\ufffd\ufffdA', reason: 'not_utf8' }]);
  });

  it('RC-4: an entry that the database refused, a dead letter among the others', () => {
    const refused = { ...METRIC, id: '8-0' };
    const batch = build([METRIC, refused], { entry: refused, reason: 'row_refused' });
    expect(batch.samples).toHaveLength(1);
    expect(batch.deadLetters).toMatchObject([{ id: '8-0', reason: 'row_refused' }]);
    expect(batch.position).toBe('8-0');
  });

  it('RC-7: told again by its producer, among the repeats', () => {
    const bytes = Buffer.from(METRIC.bytes.toString().replace(/}$/, ',"redelivered":true}'));
    const batch = build([{ id: '8-0', bytes }]);
    expect(batch.samples).toEqual([]);
    expect(batch.repeats.samples).toHaveLength(1);
    expect(countRows(batch)).toBe(1);
  });
});
