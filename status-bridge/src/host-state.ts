/**
 * Whether the host behind the database can be reached. It *answered* with a status, *refused* to give one (it is
 * there, but its database is not what we need), or was *silent* for 10 s after the first question without an answer.
 * Source: specification 000 §5.
 */

export const HOST_STATES = ['starting', 'reachable', 'unusable', 'unreachable'] as const;
export type HostState = (typeof HOST_STATES)[number];
export const HOST_EVENTS = ['answered', 'refused', 'silent'] as const;
export type HostEvent = (typeof HOST_EVENTS)[number];
/** What clients are told. */
export type HostNews = 'lost' | 'recovered';

export interface HostStep {
  next: HostState;
  news: HostNews | null;
}

const STEPS: Record<HostState, Record<HostEvent, HostStep>> = {
  starting: {
    answered: { next: 'reachable', news: null },
    refused: { next: 'unusable', news: null },
    silent: { next: 'unreachable', news: 'lost' },
  },
  reachable: {
    answered: { next: 'reachable', news: null },
    refused: { next: 'unusable', news: null },
    silent: { next: 'unreachable', news: 'lost' },
  },
  unusable: {
    answered: { next: 'reachable', news: null },
    refused: { next: 'unusable', news: null },
    silent: { next: 'unreachable', news: 'lost' },
  },
  unreachable: {
    answered: { next: 'reachable', news: 'recovered' },
    // A host that refuses is there again, whatever its database lacks.
    refused: { next: 'unusable', news: 'recovered' },
    silent: { next: 'unreachable', news: null },
  },
};

export function stepHost(state: HostState, event: HostEvent): HostStep {
  return STEPS[state][event];
}
