import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLatency, type LatencyState, type LatencyWindow, NO_LATENCY } from './latency-alert.js';

const GOOD: LatencyWindow = { messages: 1000, slowMs: Array.from({ length: 10 }, () => 500) };
const BAD: LatencyWindow = { messages: 1000, slowMs: [...Array.from({ length: 10 }, () => 500), 150] };
const QUIET: LatencyWindow = { messages: 20, slowMs: Array.from({ length: 20 }, () => 500) };

function run(windows: readonly LatencyWindow[]) {
  let state: LatencyState = NO_LATENCY;
  return windows.map((window, index) => {
    const { next, change } = judgeLatency(state, window, index * 10_000);
    state = next;
    return change;
  });
}

describe('the alert of the feed', () => {
  it('GW-99: p99 above 100 ms three windows in a row, it fires with p99', () => {
    expect(run([BAD, BAD, BAD])).toEqual([null, null, { state: 'firing', p99Ms: 150, startedMs: 20_000 }]);
  });

  it.each([
    ['one in a hundred is slow', [GOOD, GOOD, GOOD, GOOD]],
    ['a good window between', [BAD, BAD, GOOD, BAD, BAD]],
    ['few messages', [QUIET, QUIET, QUIET, QUIET]],
  ])('GW-99: %s, nothing', (_what, windows) => {
    expect(run(windows).filter((change) => change !== null)).toEqual([]);
  });

  it('GW-99: firing and good three windows in a row, resolved since when it fired', () => {
    const changes = run([BAD, BAD, BAD, BAD, GOOD, GOOD, BAD, GOOD, QUIET, GOOD]);
    expect(changes.filter((change) => change !== null)).toEqual([
      { state: 'firing', p99Ms: 150, startedMs: 20_000 },
      { state: 'resolved', p99Ms: 0, startedMs: 20_000 },
    ]);
  });

  it('GW-99: any windows, firing and resolved take turns', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(GOOD, BAD, QUIET), { maxLength: 80 }), (windows) => {
        const states = run(windows).flatMap((change) => (change === null ? [] : [change.state]));
        return states.every((state, index) => state === (index % 2 === 0 ? 'firing' : 'resolved'));
      }),
    );
  });
});
