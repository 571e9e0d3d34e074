import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertEntry, containerEvent, loadedSeries, seriesEntry } from '../../testing/history.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { fileName, renderCsv } from './csv.js';
import { clusterMarks, deriveMarks, toneOf } from './marks.js';
import { defaultSeries, filterSeries, nameSeries, orderSeries } from './series-names.js';
import { unitFormat, writeValue } from './unit-format.js';

const SPAN = { fromMs: START_MS, toMs: START_MS + 60_000 };
const at = (second: number) => START_MS + second * 1000;

describe('marks', () => {
  it('WB-127: an alert, is marked where it began and where it ended', () => {
    const marks = deriveMarks([alertEntry(at(5), at(20))], [], SPAN);
    expect(marks.map((mark) => [mark.timeMs, mark.kind === 'alert' && mark.phase])).toEqual([
      [at(5), 'began'],
      [at(20), 'ended'],
    ]);
  });

  it('WB-127: an alert that began before the range, is marked at its end only', () => {
    expect(deriveMarks([alertEntry(at(-5), at(20))], [], SPAN)).toHaveLength(1);
  });

  it('WB-127: the beginning of an alert that is over, is told by its rule', () => {
    const [began] = deriveMarks([alertEntry(at(1), at(2), { message: 'back to normal' })], [], SPAN);
    expect(began?.kind === 'alert' && began.data.message).toBe('cpu>90');
  });

  it.each([
    ['another status', {}, 'exited'],
    ['its removal', { removed: true }, 'removed'],
    ['another health', { previous: 'running', status: 'running', health: 'unhealthy' }, 'unhealthy'],
    ['the first that was heard of it', { previous: null, status: 'running' }, undefined],
  ] as const)('WB-127: of a container %s, is marked as %s', (_what, more, expected) => {
    const [mark] = deriveMarks([], [containerEvent(at(1), more)], SPAN);
    expect(mark?.kind === 'container' ? mark.what : undefined).toBe(expected);
  });

  it('WB-127: marks that lie upon each other, are one, and look as the worst', () => {
    const marks = deriveMarks(
      [alertEntry(at(1), null, { severity: 'warning' })],
      [containerEvent(at(2), { exit_code: 1 }), containerEvent(at(40), { exit_code: 0 })],
      SPAN,
    );
    const clusters = clusterMarks(marks, 5000);
    expect(clusters.map((cluster) => [cluster.marks.length, toneOf(cluster)])).toEqual([
      [2, 'critical'],
      [1, 'neutral'],
    ]);
  });
});

describe('export', () => {
  it('WB-128: points and a gap, are lines in order of time, the gap’s without values', () => {
    const series = loadedSeries([1, 2, null, null, 5], { gaps: [[at(1), at(4)]] });
    const lines = renderCsv([series], SPAN).split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('time,series,unit,min,avg,max');
    expect(lines[1]).toBe('2026-01-17T04:30:00.000Z,"cpu{host=""web-01""}",percent,0,1,2');
    expect(lines[3]).toMatch(/^2026-01-17T04:30:01.000Z,.*,percent,,,$/);
  });

  it('WB-128: a name that begins as a formula, is text to a spreadsheet', () => {
    const lines = renderCsv([loadedSeries([-1], { key: '=HYPERLINK(1)' })], SPAN);
    expect(lines).toContain(",'=HYPERLINK(1),percent,-2,-1,0");
  });

  it('WB-128: any names, have as many fields as the head', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        const [, line = ''] = splitRecords(renderCsv([loadedSeries([1], { key })], SPAN));
        expect(line.match(/("([^"]|"")*"|[^",]*)(,|$)/g)?.filter(Boolean)).toHaveLength(6);
      }),
    );
  });

  it('WB-128: the file, is named after the moment that it begins with', () => {
    expect(fileName(SPAN, 'csv')).toBe('pulsewire-2026-01-17T04-30.csv');
  });
});

describe('series', () => {
  const words = { cpu: 'CPU', disk: 'Disk' };
  const shop = seriesEntry({ key: 'k1', source: 'container', container: 'shop' });
  const disk = seriesEntry({ key: 'k2', metric_type: 'disk', mount: '/var', unit: 'percent' });
  const mem = seriesEntry({ key: 'k3', metric_type: 'mem', host: 'web-02' });

  it('WB-131: a series, is named by metric, part and place', () => {
    expect([shop, disk, mem].map((series) => nameSeries(series, words))).toEqual([
      'CPU · shop @ web-01',
      'Disk /var · web-01',
      'mem · web-02',
    ]);
  });

  it('WB-131: every word of a search, must occur', () => {
    expect(filterSeries([shop, disk, mem], 'WEB-01 cpu', words)).toEqual([shop]);
  });

  it('WB-131: nothing chosen yet, shows processor and memory of the first host', () => {
    const all = [shop, mem, seriesEntry({ key: 'k4', metric_type: 'mem' }), seriesEntry(), disk];
    expect(defaultSeries(all)).toEqual(['cpu{host="web-01"}', 'k4']);
  });

  it('WB-131: hosts, come before containers', () => {
    expect(orderSeries([shop, mem, disk]).map(({ key }) => key)).toEqual(['k2', 'k3', 'k1']);
  });

  it('WB-131: a unit of somebody else’s, is written behind the number', () => {
    expect([writeValue('rpm', 1234.567), writeValue('percent', null)]).toEqual(['1235\u00a0rpm', '–']);
    expect(unitFormat('percent').top(140)).toBe(200);
  });
});

/** Records of a text in which quoted fields may hold line ends. */
function splitRecords(csv: string): string[] {
  return csv.match(/(?:"(?:[^"]|"")*"|[^"])*?\r\n/g)?.map((record) => record.slice(0, -2)) ?? [];
}
