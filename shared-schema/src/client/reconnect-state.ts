/**
 * The connection's state machine. Pure: a state, an event and the facts in; the next state and what to do out.
 * *View* is the state that users see; *attempt* counts failures in a row; *connected* means that `hello` came.
 * Every pair of state and event is decided in {@link TABLE}; one that is missing does not compile.
 */
import { deriveNextAttempt, deriveRetryDelayMs, LONGEST_WAIT_ATTEMPT } from './backoff.js';
import type { LossReason, StreamState, StreamStateName } from './types.js';

export type LinkEvent =
  /** The user wants: to be connected, not to be, to try now, to use a new key. */
  | { type: 'open' }
  | { type: 'close' }
  | { type: 'retry' }
  | { type: 'new_key' }
  /** The network or the page came back. */
  | { type: 'wake' }
  /** The retry timer of `waiting` ran out. */
  | { type: 'due' }
  /** The socket ended before it was open; why is not known yet. */
  | { type: 'refused' }
  /** HTTP status of a plain request to the same address, `null` when there was no answer. */
  | { type: 'probed'; status: number | null }
  /** There was a socket, and there is none now, or it must go. */
  | { type: 'lost'; reason: LossReason }
  | { type: 'revoked' }
  /** What the gateway said. */
  | { type: 'hello'; degraded: Outage | null }
  | { type: 'outage'; outage: Outage }
  | { type: 'recovered' };
export type LinkEventName = LinkEvent['type'];

export interface Outage {
  cause: string;
  sinceMs: number;
  lastMessageAtMs: number | null;
}

export interface LinkState {
  view: StreamState;
  attempt: number;
  /** When the current connection said hello, or `null`. */
  connectedAtMs: number | null;
}

export type LinkAction =
  /** Ends socket, timer and probe, whichever there are. Always first. */
  | { type: 'drop' }
  | { type: 'connect' }
  | { type: 'probe' }
  /** Sends `due` after `delayMs`. */
  | { type: 'wait'; delayMs: number }
  /** Begins to watch for silence. */
  | { type: 'watch' }
  /** Asks for a sign of life now: the network may have gone while the page slept. */
  | { type: 'check' };

export interface Facts {
  nowMs: number;
  jitter: number;
  /** In [0, 1). */
  random: number;
}

export interface Outcome {
  next: LinkState;
  actions: readonly LinkAction[];
}

type EventOf<E extends LinkEventName> = Extract<LinkEvent, { type: E }>;
type Decide<E extends LinkEventName> = (state: LinkState, event: EventOf<E>, facts: Facts) => Outcome;
type Row = { [E in LinkEventName]: Decide<E> };

export const INITIAL_LINK: LinkState = { view: { name: 'idle' }, attempt: 0, connectedAtMs: null };

/** At rest nothing is open, so what sockets and timers say is an echo of the past. */
const AT_REST = {
  retry: stay,
  wake: stay,
  due: stay,
  refused: stay,
  probed: stay,
  lost: stay,
  revoked: stay,
  hello: stay,
  outage: stay,
  recovered: stay,
} satisfies Partial<Row>;

const CONNECTED: Row = {
  open: stay,
  close: end,
  retry: stay,
  new_key: startAgain,
  wake: (state) => ({ next: state, actions: [{ type: 'check' }] }),
  due: stay,
  refused: (state, _event, facts) => wait(state, 'network_error', facts),
  probed: stay,
  lost: lose,
  revoked: reject401,
  hello: stay,
  outage: degrade,
  recovered: stay,
};

export const TABLE: Record<StreamStateName, Row> = {
  idle: { ...AT_REST, open: startAgain, close: end, new_key: startAgain },
  closed: { ...AT_REST, open: startAgain, close: stay, new_key: stay },
  rejected: { ...AT_REST, open: startAgain, close: end, new_key: startAgain },
  connecting: {
    open: stay,
    close: end,
    retry: stay,
    new_key: startAgain,
    wake: stay,
    due: stay,
    refused: (state) => ({ next: state, actions: [{ type: 'probe' }] }),
    probed: judge,
    lost: lose,
    revoked: reject401,
    hello: arrive,
    outage: stay,
    recovered: stay,
  },
  waiting: {
    open: stay,
    close: end,
    retry: tryNow,
    new_key: startAgain,
    wake: tryNow,
    due: tryNow,
    refused: stay,
    probed: stay,
    lost: stay,
    revoked: stay,
    hello: stay,
    outage: stay,
    recovered: stay,
  },
  live: CONNECTED,
  degraded: { ...CONNECTED, recovered: recover },
};

/** The next state and the actions, in the order in which they are to be performed. */
export function transition(state: LinkState, event: LinkEvent, facts: Facts): Outcome {
  const decide = TABLE[state.view.name][event.type] as Decide<LinkEventName>;
  return decide(state, event, facts);
}

function stay(state: LinkState): Outcome {
  return { next: state, actions: [] };
}

function startAgain(): Outcome {
  return connect(0);
}

function tryNow(state: LinkState): Outcome {
  return connect(state.attempt);
}

function connect(attempt: number): Outcome {
  return {
    next: { view: { name: 'connecting', attempt }, attempt, connectedAtMs: null },
    actions: [{ type: 'drop' }, { type: 'connect' }],
  };
}

function end(): Outcome {
  return { next: { ...INITIAL_LINK, view: { name: 'closed' } }, actions: [{ type: 'drop' }] };
}

function reject401(): Outcome {
  return reject(401);
}

function reject(status: 401 | 403): Outcome {
  return { next: { ...INITIAL_LINK, view: { name: 'rejected', status } }, actions: [{ type: 'drop' }] };
}

function judge(state: LinkState, { status }: EventOf<'probed'>, facts: Facts): Outcome {
  if (status === 401 || status === 403) return reject(status);
  // Too many failed keys came from this address: trying soon would only prolong that.
  if (status === 429) return wait(state, 'policy', facts);
  return wait(state, status === null ? 'network_error' : 'refused', facts);
}

function lose(state: LinkState, { reason }: EventOf<'lost'>, facts: Facts): Outcome {
  return wait(state, reason, facts);
}

function wait(state: LinkState, reason: LossReason, { nowMs, jitter, random }: Facts): Outcome {
  const counted = deriveNextAttempt(state.attempt, state.connectedAtMs, nowMs);
  // The server objects to what we do: go to the longest wait, and stay there until a connection stands.
  const attempt = reason === 'policy' ? Math.max(counted, LONGEST_WAIT_ATTEMPT) : counted;
  const delayMs = deriveRetryDelayMs(attempt, jitter, random);
  return {
    next: {
      view: { name: 'waiting', attempt, nextAtMs: nowMs + delayMs, reason },
      attempt,
      connectedAtMs: null,
    },
    actions: [{ type: 'drop' }, { type: 'wait', delayMs }],
  };
}

function arrive(state: LinkState, { degraded }: EventOf<'hello'>, { nowMs }: Facts): Outcome {
  const view: StreamState =
    degraded === null ? { name: 'live', sinceMs: nowMs } : { name: 'degraded', ...degraded };
  return { next: { ...state, view, connectedAtMs: nowMs }, actions: [{ type: 'watch' }] };
}

function degrade(state: LinkState, { outage }: EventOf<'outage'>): Outcome {
  return { next: { ...state, view: { name: 'degraded', ...outage } }, actions: [] };
}

function recover(state: LinkState, _event: EventOf<'recovered'>, { nowMs }: Facts): Outcome {
  return { next: { ...state, view: { name: 'live', sinceMs: nowMs } }, actions: [] };
}
