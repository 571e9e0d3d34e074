/** What the connection badge and the banner say, from the state of the stream and what has arrived. */
import type { LatencyReport, StreamState, StreamStateName } from '@pulsewire/shared-schema/client';
import type { BadgeState, ConnectionView } from './views.js';

export interface ConnectionFacts {
  readonly state: StreamState;
  readonly latency: LatencyReport;
  /** When the present state began. */
  readonly sinceMs: number | null;
  readonly lastMessageAtMs: number | null;
  /** Hosts are known and every one of them is silent. */
  readonly allQuiet: boolean;
  readonly thinnedUntilMs: number | null;
}

const BADGE_OF: Record<StreamStateName, BadgeState> = {
  idle: 'idle',
  connecting: 'connecting',
  live: 'live',
  degraded: 'degraded',
  waiting: 'waiting',
  closed: 'closed',
  rejected: 'rejected',
};

export function deriveConnection(facts: ConnectionFacts): ConnectionView {
  const { state, latency } = facts;
  const badge = state.name === 'live' && facts.allQuiet ? 'stale' : BADGE_OF[state.name];
  return {
    badge,
    stream: state.name,
    sinceMs: state.name === 'degraded' ? state.sinceMs : facts.sinceMs,
    cause: state.name === 'degraded' ? state.cause : null,
    reason: state.name === 'waiting' ? state.reason : null,
    attempt: state.name === 'waiting' || state.name === 'connecting' ? state.attempt : 0,
    nextAtMs: state.name === 'waiting' ? state.nextAtMs : null,
    rejectedStatus: state.name === 'rejected' ? state.status : null,
    lastMessageAtMs: state.name === 'degraded' ? state.lastMessageAtMs : facts.lastMessageAtMs,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    thinnedUntilMs: facts.thinnedUntilMs,
  };
}

/** Since when the page has been without live data; a failed attempt in between does not start it anew. */
export function deriveSinceMs(
  before: { name: StreamStateName; sinceMs: number | null },
  name: StreamStateName,
  nowMs: number,
): number | null {
  const trying = (state: StreamStateName) => state === 'connecting' || state === 'waiting';
  return trying(before.name) && trying(name) && before.sinceMs !== null ? before.sinceMs : nowMs;
}

/** Whole seconds until the next attempt, never negative. */
export function secondsUntil(nextAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((nextAtMs - nowMs) / 1000));
}
