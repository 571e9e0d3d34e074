import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOST_EVENTS, HOST_STATES, type HostState, stepHost } from './host-state.js';

describe('host state', () => {
  it.each([
    ['starting', 'answered', 'reachable', null],
    ['starting', 'refused', 'unusable', null],
    ['starting', 'silent', 'unreachable', 'lost'],
    ['reachable', 'answered', 'reachable', null],
    ['reachable', 'refused', 'unusable', null],
    ['reachable', 'silent', 'unreachable', 'lost'],
    ['unusable', 'answered', 'reachable', null],
    ['unusable', 'refused', 'unusable', null],
    ['unusable', 'silent', 'unreachable', 'lost'],
    ['unreachable', 'answered', 'reachable', 'recovered'],
    ['unreachable', 'refused', 'unusable', 'recovered'],
    ['unreachable', 'silent', 'unreachable', null],
  ] as const)('SB-15: %s and %s, %s with news %s', (state, event, next, news) => {
    expect(stepHost(state, event)).toEqual({ next, news });
  });

  it('SB-15: any events from any state, lost and recovered alternate', () => {
    const events = fc.array(fc.constantFrom(...HOST_EVENTS), { maxLength: 50 });
    fc.assert(
      fc.property(fc.constantFrom(...HOST_STATES), events, (start, happened) => {
        let state: HostState = start;
        const news: string[] = [];
        for (const event of happened) {
          const step = stepHost(state, event);
          state = step.next;
          if (step.news !== null) news.push(step.news);
        }
        const first = start === 'unreachable' ? 'recovered' : 'lost';
        const second = first === 'lost' ? 'recovered' : 'lost';
        expect(news).toEqual(news.map((_, i) => (i % 2 === 0 ? first : second)));
      }),
    );
  });
});
