import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { selectionOf } from './testing/session-rig.js';
import { createWantedSelection } from './wanted-selection.js';

function setUp() {
  const clock = createManualClock();
  const taken: (string | null)[] = [];
  const rig = { clock, taken, ready: true };
  const wanted = createWantedSelection({
    clock,
    isReady: () => rig.ready,
    take: (_selection, after) => taken.push(after),
  });
  return Object.assign(rig, { wanted, put: (after: string) => wanted.put(selectionOf(), after) });
}

describe('the selection that a client wants', () => {
  it('GW-71: the first, taken at once', () => {
    const { put, taken } = setUp();
    put('1-0');
    expect(taken).toEqual(['1-0']);
  });

  it('GW-71: several within 250 ms, the newest is taken then', () => {
    const { clock, put, taken } = setUp();
    for (const after of ['1-0', '2-0', '3-0']) put(after);
    clock.advance(249);
    const before = [...taken];
    clock.advance(1);
    expect([before, taken]).toEqual([['1-0'], ['1-0', '3-0']]);
  });

  it('GW-71: its client is not ready, it waits, and a newer one takes its place', () => {
    const rig = setUp();
    rig.ready = false;
    rig.put('1-0');
    rig.clock.advance(5000);
    rig.put('2-0');
    const waited = [rig.wanted.waits(), [...rig.taken]];
    rig.ready = true;
    rig.clock.advance(25);
    expect([waited, rig.taken, rig.wanted.waits()]).toEqual([[true, []], ['2-0'], false]);
  });

  it('GW-71: stopped, nothing is taken any more', () => {
    const { clock, put, taken, wanted } = setUp();
    for (const after of ['1-0', '2-0']) put(after);
    wanted.stop();
    clock.advance(1000);
    expect(taken).toEqual(['1-0']);
  });
});
