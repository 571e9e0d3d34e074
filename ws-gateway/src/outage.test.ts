import { describe, expect, it } from 'vitest';
import { INITIAL_OUTAGE, type OutageEvent, type OutageState, stepOutage } from './outage.js';

const wentDown: OutageEvent = { name: 'went_down', sinceMs: 1000, monotonicMs: 50, cause: 'canary' };

function run(events: OutageEvent[], start: OutageState = INITIAL_OUTAGE) {
  let state = start;
  const actions = events.map((event) => {
    const step = stepOutage(state, event);
    state = step.state;
    return step.action;
  });
  return { state, actions };
}

describe('an outage', () => {
  it('GW-80: the bus goes down, all are told since when', () => {
    expect(run([wentDown]).actions).toEqual([{ name: 'tell_all_down', sinceMs: 1000 }]);
  });

  it('GW-80: a repeat while it lasts, all are told again with the first since', () => {
    const { actions } = run([wentDown, { ...wentDown, sinceMs: 9999 }, { name: 'repeat_due' }]);
    expect(actions.slice(1)).toEqual([null, { name: 'tell_all_down', sinceMs: 1000 }]);
  });

  it('GW-81: a client is greeted meanwhile, it alone is told', () => {
    const { actions } = run([wentDown, { name: 'client_greeted' }]);
    expect(actions[1]).toEqual({ name: 'tell_one_down', sinceMs: 1000 });
  });

  it('GW-82: the bus is back, all are told its length and what was recovered', () => {
    const recovered: OutageEvent = { name: 'message_recovered' };
    const { state, actions } = run([wentDown, recovered, recovered, { name: 'came_up', monotonicMs: 350 }]);
    expect([state, actions[3]]).toEqual([
      { name: 'up' },
      { name: 'tell_all_up', sinceMs: 1000, outageMs: 300, recovered: 2 },
    ]);
  });

  it.each([
    { name: 'came_up', monotonicMs: 1 },
    { name: 'repeat_due' },
    { name: 'client_greeted' },
    { name: 'message_recovered' },
  ] as OutageEvent[])('GW-80: while up, $name says nothing', (event) => {
    expect(stepOutage(INITIAL_OUTAGE, event)).toEqual({ state: INITIAL_OUTAGE, action: null });
  });
});
