/**
 * The connection to the engine: new → up or down, and back and forth. An engine that is absent is one warning,
 * not one every time it is looked for. A stream that is cut while the engine is there is nobody's concern.
 */
import type { DependencyState } from '@pulsewire/runtime';
import type { DockerAddress } from './docker-host.js';

export type Connection =
  | { name: 'new' }
  | { name: 'up'; sinceMs: number; connectedMs: number }
  | { name: 'down'; sinceMs: number; cause: string; wasUp: boolean };

/** `connected`: it answers. `failed`: it does not. `cut`: the event stream ended; nothing is known yet. */
export type ConnectionEvent = { name: 'connected' } | { name: 'failed'; cause: string } | { name: 'cut' };

export interface ConnectionStep {
  state: Connection;
  /** What to tell the log. */
  says: 'warn' | 'info' | null;
  /** When to try (again); `null` while connected. */
  tryInMs: number | null;
}

export interface ConnectionFacts {
  nowMs: number;
  address: DockerAddress['kind'];
}

const RETRY_MS = 30_000;
/** A local socket that was there before is worth asking more often: asking costs microseconds. */
const QUICK_RETRY_MS = 2000;
/** A connection that lasted shorter than this must not be followed by another at once. */
const STABLE_MS = 5000;

type State<N extends Connection['name']> = Extract<Connection, { name: N }>;
type Event<N extends ConnectionEvent['name']> = Extract<ConnectionEvent, { name: N }>;
type Table = {
  [S in Connection['name']]: {
    [E in ConnectionEvent['name']]: (
      state: State<S>,
      event: Event<E>,
      facts: ConnectionFacts,
    ) => ConnectionStep;
  };
};

const up = (sinceMs: number, nowMs: number, says: 'info' | null): ConnectionStep => ({
  state: { name: 'up', sinceMs, connectedMs: nowMs },
  says,
  tryInMs: null,
});
const retryMs = (wasUp: boolean, { address }: ConnectionFacts) =>
  wasUp && address === 'unix' ? QUICK_RETRY_MS : RETRY_MS;

const TABLE: Table = {
  new: {
    connected: (_state, _event, { nowMs }) => up(nowMs, nowMs, 'info'),
    failed: (_state, { cause }, facts) => ({
      state: { name: 'down', sinceMs: facts.nowMs, cause, wasUp: false },
      says: 'warn',
      tryInMs: retryMs(false, facts),
    }),
    cut: (state) => ({ state, says: null, tryInMs: 0 }),
  },
  up: {
    connected: (state, _event, { nowMs }) => up(state.sinceMs, nowMs, null),
    failed: (_state, { cause }, facts) => ({
      state: { name: 'down', sinceMs: facts.nowMs, cause, wasUp: true },
      says: 'warn',
      tryInMs: retryMs(true, facts),
    }),
    cut: (state, _event, { nowMs }) => ({
      state,
      says: null,
      tryInMs: nowMs - state.connectedMs < STABLE_MS ? QUICK_RETRY_MS : 0,
    }),
  },
  down: {
    connected: (_state, _event, { nowMs }) => up(nowMs, nowMs, 'info'),
    failed: (state, { cause }, facts) => ({
      state: { ...state, cause },
      says: null,
      tryInMs: retryMs(state.wasUp, facts),
    }),
    cut: (state, _event, facts) => ({ state, says: null, tryInMs: retryMs(state.wasUp, facts) }),
  },
};

export function stepConnection(
  state: Connection,
  event: ConnectionEvent,
  facts: ConnectionFacts,
): ConnectionStep {
  // Each cell takes its own pair; the compiler cannot see that the lookup pairs them.
  const decide = TABLE[state.name][event.name] as (
    state: Connection,
    event: ConnectionEvent,
    facts: ConnectionFacts,
  ) => ConnectionStep;
  return decide(state, event, facts);
}

/** For `/readyz`. Before the first answer it counts as down. */
export function dependencyOf(state: Connection, startedMs: number): DependencyState {
  switch (state.name) {
    case 'new':
      return { status: 'down', sinceMs: startedMs, cause: 'starting' };
    case 'up':
      return { status: 'up', sinceMs: state.sinceMs, cause: null };
    case 'down':
      return { status: 'down', sinceMs: state.sinceMs, cause: state.cause };
  }
}
