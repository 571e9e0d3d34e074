/**
 * Whether Redis answers, counted in *ticks* of our own timer instead of in time. A tick adds one tick of waiting
 * however late it comes, so a blocked event loop of 5 s adds one: the answers that piled up meanwhile are read
 * before the next tick judges. Frozen Redis with punctual ticks: silent after at most
 * `(downAfterTicks + 1) * CANARY_TICK_MS` = 750 ms.
 */

export interface CanaryLimits {
  /** A probe is sent every so many ticks. */
  probeEveryTicks: number;
  /** Ticks without an answer until Redis counts as down. */
  downAfterTicks: number;
  /** Ticks without an answer until the connections are dropped and made anew. */
  giveUpAfterTicks: number;
  /** Ticks in a row that other traffic from Redis can stand in for the answer. */
  maxHeldTicks: number;
}

export interface CanaryState {
  /** Something was sent whose answer has not come. */
  awaiting: boolean;
  waitedTicks: number;
  ticksSinceProbe: number;
  /** Messages came in since the last tick: we are behind with reading, Redis is not silent. */
  heard: boolean;
  heldTicks: number;
}

/** `sent`: anything that Redis must answer. `answered`: its answer. `heard`: other traffic from Redis. */
export type CanaryEvent = 'tick' | 'sent' | 'answered' | 'heard';
export type CanaryVerdict = 'fine' | 'silent' | 'hopeless';

export interface CanaryStep {
  state: CanaryState;
  verdict: CanaryVerdict;
  /** Send a probe now. */
  probe: boolean;
}

export const CANARY_TICK_MS = 150;

/** `subscriber`: through its own subscription with every tick. `publisher`: once a second is enough. */
export const CANARY_LIMITS: Record<'subscriber' | 'publisher', CanaryLimits> = {
  subscriber: { probeEveryTicks: 1, downAfterTicks: 4, giveUpAfterTicks: 17, maxHeldTicks: 20 },
  publisher: { probeEveryTicks: 7, downAfterTicks: 4, giveUpAfterTicks: 17, maxHeldTicks: 0 },
};

/** Connecting counts as sent: a server that accepts and then says nothing must be noticed, too. */
export const FRESH_CANARY: CanaryState = {
  awaiting: true,
  waitedTicks: 0,
  ticksSinceProbe: 0,
  heard: false,
  heldTicks: 0,
};

export function stepCanary(state: CanaryState, event: CanaryEvent, limits: CanaryLimits): CanaryStep {
  switch (event) {
    case 'sent':
      return fine({ ...state, awaiting: true });
    case 'answered':
      return fine({ ...state, awaiting: false, waitedTicks: 0, heldTicks: 0 });
    case 'heard':
      return fine(state.heard ? state : { ...state, heard: true });
    case 'tick':
      return tick(state, limits);
  }
}

function tick(state: CanaryState, limits: CanaryLimits): CanaryStep {
  const held = state.awaiting && state.heard && state.heldTicks < limits.maxHeldTicks;
  const waitedTicks = state.awaiting && !held ? state.waitedTicks + 1 : state.waitedTicks;
  const probe = state.ticksSinceProbe + 1 >= limits.probeEveryTicks;
  return {
    state: {
      awaiting: state.awaiting || probe,
      waitedTicks,
      ticksSinceProbe: probe ? 0 : state.ticksSinceProbe + 1,
      heard: false,
      heldTicks: held ? state.heldTicks + 1 : state.heldTicks,
    },
    verdict: verdictOf(waitedTicks, limits),
    probe,
  };
}

function verdictOf(waitedTicks: number, limits: CanaryLimits): CanaryVerdict {
  if (waitedTicks >= limits.giveUpAfterTicks) return 'hopeless';
  return waitedTicks >= limits.downAfterTicks ? 'silent' : 'fine';
}

function fine(state: CanaryState): CanaryStep {
  return { state, verdict: 'fine', probe: false };
}
