import type { HistoryPoint, HistorySpan } from '@pulsewire/shared-schema/rest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesEntry } from '../../testing/history.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { sample } from '../../testing/messages.test-support.js';
import { joinLive, type Tail } from './join-live.js';
import { LiveTail } from './live-tail.js';

const MINUTE_MS = 60_000;
const at = (second: number) => START_MS + second * 1000;
const point = (second: number, value: number): HistoryPoint => [at(second), value, value, value];
const tailOf = (sinceS: number, ...seconds: number[]): Tail => ({
  samples: seconds.map((second) => [at(second), second] as const),
  sinceMs: at(sinceS),
});
const join = (
  points: readonly HistoryPoint[],
  tail: Tail,
  untilS: number,
  more: { resolutionMs?: number; gaps?: readonly HistorySpan[] } = {},
) => joinLive({ points, gaps: [], resolutionMs: 0, ...more, tail, untilMs: at(untilS) });

describe('history meets the feed', () => {
  it('WB-123: samples that both have, are there once', () => {
    const { points } = join([point(0, 0), point(1, 1), point(2, 2)], tailOf(1, 1, 2, 3, 4), 4);
    expect(points.map(([timeMs]) => timeMs)).toEqual([0, 1, 2, 3, 4].map(at));
  });

  it('WB-123: any split between the two, comes to the same curve', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (recorded, overlap) => {
        const all = Array.from({ length: 51 }, (_, second) => second);
        const history = all.filter((second) => second <= recorded).map((second) => point(second, second));
        const begin = Math.max(0, recorded - overlap);
        const joined = join(history, tailOf(begin, ...all.filter((second) => second >= begin)), 50);
        expect(joined.points.map(([timeMs]) => timeMs)).toEqual(all.map(at));
        expect(joined.gaps).toEqual([]);
      }),
    );
  });

  it('WB-123: stretches of a minute, take the feed’s samples in', () => {
    const tail = tailOf(60, 60, 70, 80, 120, 130);
    const { points } = join([point(0, 7)], tail, 130, { resolutionMs: MINUTE_MS });
    expect(points).toEqual([
      [at(0), 7, 7, 7],
      [at(60), 60, 70, 80],
      [at(120), 120, 125, 130],
    ]);
  });

  it('WB-123: a stretch whose beginning only history knows, keeps its average and is widened', () => {
    const history: HistoryPoint[] = [[at(0), 4, 5, 6]];
    const { points } = join(history, tailOf(30, 40, 50), 50, { resolutionMs: MINUTE_MS });
    expect(points).toEqual([[at(0), 4, 5, 50]]);
  });

  it('WB-124: what the recorder had not written yet, is no gap', () => {
    const gaps: HistorySpan[] = [
      [at(-90), at(-60)],
      [at(2), at(4)],
    ];
    const joined = join([point(1, 1), point(2, 2)], tailOf(3, 3, 4, 5), 5, { gaps });
    expect(joined.gaps).toEqual([[at(-90), at(-60)]]);
  });

  it('WB-124: silence of more than 2.5 intervals at the edge, is a gap up to now', () => {
    const joined = join([point(0, 0)], tailOf(1, 1, 2, 3), 10);
    expect(joined.gaps).toEqual([[at(3), at(10)]]);
  });

  it('WB-124: a pause within the feed’s samples, is a gap', () => {
    const joined = join([point(0, 0)], tailOf(1, 1, 2, 3, 9, 10), 10);
    expect(joined.gaps).toEqual([[at(3), at(9)]]);
  });

  it('WB-124: nothing of the feed, silence since the last point grows into a gap up to now', () => {
    const history = [point(0, 0), point(1, 1), point(2, 2)];
    expect(join(history, tailOf(2), 6).gaps).toEqual([]);
    expect(join(history, tailOf(2), 20).gaps).toEqual([[at(2), at(20)]]);
    expect(join(history, tailOf(2), 20, { gaps: [[at(2), at(9)]] }).gaps).toEqual([[at(2), at(20)]]);
  });

  it('WB-124: samples a minute apart, the first of the feed is followed by no gap', () => {
    const history = [point(0, 0), point(60, 1), point(120, 2)];
    expect(join(history, tailOf(150, 180), 230).gaps).toEqual([]);
    expect(join(history, tailOf(150, 180), 340).gaps).toEqual([[at(180), at(340)]]);
  });

  it('WB-124: nothing of the feed yet, history is as it is', () => {
    const gaps: HistorySpan[] = [[at(1), at(9)]];
    expect(join([point(0, 0)], tailOf(9), 9, { gaps })).toEqual({ points: [point(0, 0)], gaps });
  });
});

describe('the feed’s samples of chosen series', () => {
  it('WB-123: samples of other series, mounts and admittedly old ones, are left out', () => {
    const tail = new LiveTail(START_MS);
    const disk = seriesEntry({ metric_type: 'disk', mount: '/var' });
    tail.follow([disk], START_MS);
    tail.receive(sample('disk', 1, at(1), { mount: '/' }));
    tail.receive(sample('disk', 2, at(2), { mount: '/var' }));
    tail.receive(sample('disk', 3, at(3), { mount: '/var', stale_s: 5 }));
    tail.receive(sample('disk', 4, at(1), { mount: '/var' }));
    expect(tail.of(disk).samples).toEqual([[at(2), 2]]);
  });

  it('WB-123: a series that is chosen later, is complete from then on only', () => {
    const tail = new LiveTail(START_MS);
    tail.follow([seriesEntry()], START_MS);
    tail.follow([seriesEntry(), seriesEntry({ metric_type: 'mem' })], at(9));
    expect(tail.of(seriesEntry()).sinceMs).toBe(at(9));
  });
});
