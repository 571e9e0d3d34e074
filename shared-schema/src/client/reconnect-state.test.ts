import { describe, expect, it } from 'vitest';
import { INITIAL_LINK, type LinkEvent, type LinkState, TABLE, transition } from './reconnect-state.js';
import type { StreamState, StreamStateName } from './types.js';

const OUTAGE = { cause: 'redis_unavailable', sinceMs: 1, lastMessageAtMs: null };
const VIEWS: Record<StreamStateName, StreamState> = {
  idle: { name: 'idle' },
  connecting: { name: 'connecting', attempt: 2 },
  live: { name: 'live', sinceMs: 0 },
  degraded: { name: 'degraded', ...OUTAGE },
  waiting: { name: 'waiting', attempt: 2, nextAtMs: 9, reason: 'closed' },
  closed: { name: 'closed' },
  rejected: { name: 'rejected', status: 401 },
};
const EVENTS: { [E in LinkEvent['type']]: Extract<LinkEvent, { type: E }> } = {
  open: { type: 'open' },
  close: { type: 'close' },
  retry: { type: 'retry' },
  new_key: { type: 'new_key' },
  wake: { type: 'wake' },
  due: { type: 'due' },
  refused: { type: 'refused' },
  probed: { type: 'probed', status: 403 },
  lost: { type: 'lost', reason: 'closed' },
  revoked: { type: 'revoked' },
  hello: { type: 'hello', degraded: null },
  outage: { type: 'outage', outage: OUTAGE },
  recovered: { type: 'recovered' },
};

/** The whole table, as names: what a reader can check against contracts.md §3 at a glance. */
const EXPECTED: Record<StreamStateName, Partial<Record<LinkEvent['type'], StreamStateName>>> = {
  idle: { open: 'connecting', new_key: 'connecting', close: 'closed' },
  connecting: {
    close: 'closed',
    new_key: 'connecting',
    probed: 'rejected',
    lost: 'waiting',
    revoked: 'rejected',
    hello: 'live',
  },
  live: {
    close: 'closed',
    new_key: 'connecting',
    refused: 'waiting',
    lost: 'waiting',
    revoked: 'rejected',
    outage: 'degraded',
  },
  degraded: {
    close: 'closed',
    new_key: 'connecting',
    refused: 'waiting',
    lost: 'waiting',
    revoked: 'rejected',
    recovered: 'live',
  },
  waiting: {
    close: 'closed',
    new_key: 'connecting',
    retry: 'connecting',
    wake: 'connecting',
    due: 'connecting',
  },
  closed: { open: 'connecting' },
  rejected: { open: 'connecting', new_key: 'connecting', close: 'closed' },
};

const PAIRS = Object.keys(TABLE).flatMap((state) =>
  Object.keys(EVENTS).map((event) => [state as StreamStateName, event as LinkEvent['type']] as const),
);
const FACTS = { nowMs: 1000, jitter: 0, random: 0 };

describe('reconnect table', () => {
  it.each(PAIRS)('SC-7: %s on %s, goes where the table of the contract says', (name, event) => {
    const state: LinkState = { ...INITIAL_LINK, view: VIEWS[name], attempt: 2 };
    const { next } = transition(state, EVENTS[event], FACTS);
    expect(next.view.name).toBe(EXPECTED[name][event] ?? name);
  });

  it.each(PAIRS)(
    'SC-8: %s on %s, drops the old connection whenever it leaves or replaces it',
    (name, event) => {
      const state: LinkState = { ...INITIAL_LINK, view: VIEWS[name], attempt: 2 };
      const { next, actions } = transition(state, EVENTS[event], FACTS);
      const left = next.view !== state.view && !['live', 'degraded'].includes(next.view.name);
      expect(actions.some(({ type }) => type === 'drop')).toBe(left);
      if (left) expect(actions[0]).toEqual({ type: 'drop' });
    },
  );
});
