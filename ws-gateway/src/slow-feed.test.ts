import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSelection, type SelectionFields } from './selection.js';
import { createSlowFeed } from './slow-feed.js';
import { alert, arrival, metric } from './testing/messages.js';

const ENOUGH_BYTES = 1024 * 1024;

function setUp(messagesPerSecond = 200, fields: SelectionFields = {}, keepsAll = false) {
  const result = readSelection(fields);
  if (!result.ok) throw new Error('bad selection');
  const written: { type: string; data: Record<string, unknown> }[] = [];
  let thinned = 0;
  const feed = createSlowFeed({
    keepsAll,
    selection: result.selection,
    messagesPerSecond,
    nowMs: 0,
    write: (payloads) => written.push(...payloads.map((payload) => JSON.parse(String(payload)))),
    onThinned(skipped) {
      thinned += skipped;
    },
  });
  const values = () =>
    written.filter(({ type }) => type === 'system_metric').map(({ data }) => data['value']);
  return { feed, written, values, thinned: () => thinned };
}

describe('the feed of a slow client', () => {
  it('GW-103: all are kept, all go out at once and nothing was skipped', () => {
    const { feed, values } = setUp(200, {}, true);
    for (const value of [1, 2, 3]) feed.offer(arrival(metric({ value })));
    const before = values();
    expect([before, feed.releaseKept(10, ENOUGH_BYTES), values()]).toEqual([[], true, [1, 2, 3]]);
  });

  it('GW-97: what is kept and what waits behind it, both are told in bytes', () => {
    const { feed } = setUp(2, {}, true);
    const samples = [1, 2, 3, 4].map((value) => arrival(metric({ value })));
    for (const each of samples) feed.offer(each);
    const all = feed.waitingBytes();
    feed.releaseKept(10, ENOUGH_BYTES);
    const [first, second, , newest] = samples.map(({ payload }) => payload.length);
    expect([all, feed.waitingBytes()]).toEqual([(first ?? 0) + (second ?? 0) + (newest ?? 0), newest]);
  });

  it('GW-103: more than the limit, that many are kept and the newest of each series waits behind them', () => {
    const { feed, values } = setUp(2, {}, true);
    for (const value of [1, 2, 3, 4]) feed.offer(arrival(metric({ value })));
    const all = feed.releaseKept(10, ENOUGH_BYTES);
    feed.release(1200, ENOUGH_BYTES);
    expect([all, values()]).toEqual([false, [1, 2, 4]]);
  });

  it('GW-103: alerts take up the limit meanwhile, of what is kept the newest of each series waits', () => {
    const { feed, values } = setUp(3, {}, true);
    for (const value of [1, 2, 3]) feed.offer(arrival(metric({ value })));
    for (let index = 0; index < 2; index += 1) feed.offer(arrival(alert()));
    feed.releaseKept(10, ENOUGH_BYTES);
    feed.release(1200, ENOUGH_BYTES);
    expect(values()).toEqual([1, 3]);
  });

  it('GW-103: only some may go out, the first of what was kept, and the rest is kept', () => {
    const { feed, values } = setUp(200, {}, true);
    for (const value of [1, 2, 3]) feed.offer(arrival(metric({ value })));
    const first = [feed.releaseKept(10, 1), values(), feed.thins()];
    expect([first, feed.releaseKept(20, ENOUGH_BYTES), values()]).toEqual([
      [false, [1], false],
      true,
      [1, 2, 3],
    ]);
  });

  it('GW-103: slow after all, of what was kept and of what is beyond the limit the newest', () => {
    const { feed, values } = setUp(2, {}, true);
    for (const value of [1, 2, 3]) feed.offer(arrival(metric({ value })));
    feed.release(10, ENOUGH_BYTES);
    expect(values()).toEqual([3]);
  });

  it('GW-96: samples wait, the newest of each series goes out when released', () => {
    const { feed, values } = setUp();
    for (let value = 1; value <= 9; value += 1) feed.offer(arrival(metric({ value })));
    const before = values();
    feed.release(0, ENOUGH_BYTES);
    expect([before, values(), feed.waiting()]).toEqual([[], [9], 0]);
  });

  it('GW-62: an alert goes out at once', () => {
    const { feed, written } = setUp();
    feed.offer(arrival(metric()));
    feed.offer(arrival(alert()));
    expect(written.map(({ type }) => type)).toEqual(['alert']);
  });

  it('GW-96: what was skipped is told once a second has passed, and all is out only then', () => {
    const { feed, written, thinned } = setUp();
    for (let value = 1; value <= 4; value += 1) feed.offer(arrival(metric({ value })));
    const done = [feed.release(250, ENOUGH_BYTES), feed.release(1000, ENOUGH_BYTES)];
    expect([done, written.at(-1), thinned()]).toEqual([
      [false, true],
      { type: 'notice', data: { reason: 'conflated', skipped: 3, window_ms: 1000 } },
      3,
    ]);
  });

  it('GW-60: more series wait than the limit allows, the rest goes out later', () => {
    const { feed, values } = setUp(10);
    for (let index = 0; index < 15; index += 1) feed.offer(arrival(metric({ metric_type: `m${index}` })));
    const done = [0, 500, 1200].map((nowMs) => [feed.release(nowMs, ENOUGH_BYTES), values().length]);
    expect(done).toEqual([
      [false, 10],
      [false, 10],
      [true, 15],
    ]);
  });

  it('GW-96: large samples wait, no more than was allowed and one goes out at once', () => {
    const { feed, values } = setUp();
    const pad = 'x'.repeat(50 * 1024);
    for (let index = 0; index < 6; index += 1) {
      const meta = { unit: 'percent', host: 'web-1', pad };
      feed.offer(arrival(metric({ metric_type: `m${index}` }, meta)));
    }
    const counts = [250, 500].map((nowMs) => {
      feed.release(nowMs, 128 * 1024);
      return values().length;
    });
    expect(counts).toEqual([3, 6]);
  });

  it('GW-32: what the client did not ask for does not wait', () => {
    const { feed } = setUp(200, { topics: 'alerts' });
    feed.offer(arrival(metric()));
    expect(feed.waiting()).toBe(0);
  });

  it('GW-63: any arrivals while all are kept, probes and releases, each series in order, its newest not missing', () => {
    const step = fc.record({ series: fc.nat(2), next: fc.constantFrom('', '', 'probe', 'release', 'alert') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (list, limit) => {
        const { feed, written } = setUp(limit, {}, true);
        list.forEach(({ series, next }, value) => {
          feed.offer(arrival(metric({ metric_type: `m${series}`, value })));
          if (next === 'alert') feed.offer(arrival(alert()));
          if (next === 'probe') feed.releaseKept(value * 100, 300);
          if (next === 'release') feed.release(value * 100, 300);
        });
        for (let nowMs = 10_000; feed.waiting() > 0 || nowMs < 20_000; nowMs += 2000) {
          feed.releaseKept(nowMs, ENOUGH_BYTES);
          feed.release(nowMs + 1, ENOUGH_BYTES);
        }
        const received = written.filter(({ type }) => type === 'system_metric').map(({ data }) => data);
        return [0, 1, 2].every((series) => {
          const got = received
            .filter((data) => data['metric_type'] === `m${series}`)
            .map(({ value }) => Number(value));
          const newest = list.findLastIndex((each) => each.series === series);
          const rises = got.every((value, index) => index === 0 || value > (got[index - 1] ?? 0));
          return rises && (got.at(-1) ?? -1) === newest;
        });
      }),
    );
  });

  it('GW-63: any arrivals and releases, each series in order, its newest not missing', () => {
    const steps = fc.array(fc.record({ series: fc.nat(3), release: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const { feed, written } = setUp(1000);
        list.forEach(({ series, release }, value) => {
          feed.offer(arrival(metric({ metric_type: `m${series}`, value })));
          if (release) feed.release(value * 2000, ENOUGH_BYTES);
        });
        feed.release(1_000_000, ENOUGH_BYTES);
        const received = written.filter(({ type }) => type === 'system_metric');
        return [0, 1, 2, 3].every((series) => {
          const sent = list.flatMap((step, value) => (step.series === series ? [value] : []));
          const got = received
            .filter(({ data }) => data['metric_type'] === `m${series}`)
            .map(({ data }) => data['value'] as number);
          return (
            got.at(-1) === sent.at(-1) &&
            got.every((value, index) => index === 0 || value > (got[index - 1] ?? 0))
          );
        });
      }),
    );
  });
});
