/**
 * What clients are told about the bus: a 503 packet when it goes down, again at every repeat, one to whoever
 * connects meanwhile, and a 200 packet when it is back. A total table: an undecided pair does not compile.
 */

export type OutageState =
  | { name: 'up' }
  /** Epoch milliseconds and, to measure the length, monotonic ones. `recovered`: delivered from the log since. */
  | { name: 'down'; sinceMs: number; sinceMonotonicMs: number; cause: string; recovered: number };

export type OutageEvent =
  | { name: 'went_down'; sinceMs: number; monotonicMs: number; cause: string }
  | { name: 'came_up'; monotonicMs: number }
  | { name: 'repeat_due' }
  | { name: 'client_greeted' }
  | { name: 'message_recovered' };

export type OutageAction =
  | { name: 'tell_all_down'; sinceMs: number }
  | { name: 'tell_one_down'; sinceMs: number }
  | { name: 'tell_all_up'; sinceMs: number; outageMs: number; recovered: number };

export interface OutageStep {
  state: OutageState;
  action: OutageAction | null;
}

type Handler<S, E> = (state: S, event: E) => OutageStep;
type Table = {
  [S in OutageState['name']]: {
    [E in OutageEvent['name']]: Handler<Extract<OutageState, { name: S }>, Extract<OutageEvent, { name: E }>>;
  };
};

export const INITIAL_OUTAGE: OutageState = { name: 'up' };

const stay = (state: OutageState): OutageStep => ({ state, action: null });

const TABLE: Table = {
  up: {
    went_down: (_state, { sinceMs, monotonicMs, cause }) => ({
      state: { name: 'down', sinceMs, sinceMonotonicMs: monotonicMs, cause, recovered: 0 },
      action: { name: 'tell_all_down', sinceMs },
    }),
    came_up: stay,
    repeat_due: stay,
    client_greeted: stay,
    message_recovered: stay,
  },
  down: {
    // A change of cause is not a new outage: clients already know that it is down, and since when.
    went_down: (state, { cause }) => stay({ ...state, cause }),
    came_up: ({ sinceMs, sinceMonotonicMs, recovered }, { monotonicMs }) => ({
      state: { name: 'up' },
      action: { name: 'tell_all_up', sinceMs, outageMs: monotonicMs - sinceMonotonicMs, recovered },
    }),
    repeat_due: (state) => ({ state, action: { name: 'tell_all_down', sinceMs: state.sinceMs } }),
    client_greeted: (state) => ({ state, action: { name: 'tell_one_down', sinceMs: state.sinceMs } }),
    message_recovered: (state) => stay({ ...state, recovered: state.recovered + 1 }),
  },
};

export function stepOutage(state: OutageState, event: OutageEvent): OutageStep {
  const handler = TABLE[state.name][event.name] as Handler<OutageState, OutageEvent>;
  return handler(state, event);
}
