import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_TABLE, type LinkEvent, type LinkState } from './link-state.js';

const STATES = Object.keys(LINK_TABLE) as LinkState[];
const EVENTS = Object.keys(LINK_TABLE.waiting) as LinkEvent[];

function walk(events: readonly LinkEvent[]) {
  let state: LinkState = 'waiting';
  const trail: { state: LinkState; event: LinkEvent; actions: readonly string[] }[] = [];
  for (const event of events) {
    const step: (typeof LINK_TABLE)[LinkState][LinkEvent] = LINK_TABLE[state][event];
    state = step.next;
    trail.push({ state, event, actions: step.actions });
  }
  return { state, trail };
}

describe('link state', () => {
  it('RT-100: the way up, is open, recover, confirm by canary, up', () => {
    const { state, trail } = walk(['delay_over', 'connected', 'recovered', 'answered']);
    expect(state).toBe('up');
    expect(trail.flatMap(({ actions }) => actions)).toEqual(['open', 'recover', 'probe']);
  });

  it('RT-101: an answer before recovery was delivered, does not make it up', () => {
    expect(walk(['delay_over', 'connected', 'answered']).state).toBe('recovering');
  });

  it('RT-102: silence, keeps the connections, and an answer makes it up again without recovery', () => {
    const up: LinkEvent[] = ['delay_over', 'connected', 'recovered', 'answered'];
    const { state, trail } = walk([...up, 'silent', 'answered']);
    expect(state).toBe('up');
    expect(trail.slice(4).flatMap(({ actions }) => actions)).toEqual([]);
  });

  it.each(STATES.filter((state) => state !== 'waiting' && state !== 'closed'))(
    'RT-103: %s and lost or hopeless, drops the session and waits for the next one',
    (state) => {
      for (const event of ['lost', 'hopeless'] as const)
        expect(LINK_TABLE[state][event]).toEqual({ next: 'waiting', actions: ['drop'] });
    },
  );

  it('RT-104: closed, stays closed whatever happens', () => {
    expect(EVENTS.map((event) => LINK_TABLE.closed[event].next)).toEqual(EVENTS.map(() => 'closed'));
  });

  it('RT-105: any history, opens never twice without dropping between, and drops before it waits', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 100 }), (events) => {
        let open = 0;
        for (const { actions, state } of walk(events).trail) {
          if (actions.includes('open')) open += 1;
          if (actions.includes('drop')) open = 0;
          expect(open).toBe(state === 'waiting' || state === 'closed' ? 0 : 1);
        }
      }),
    );
  });
});
