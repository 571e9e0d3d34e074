/**
 * How true a drawn value still is. `live`: flowing. `stale`: its own source went quiet, or says that the value is
 * old. `degraded`: the gateway has no source (503). `disconnected`: this page has no gateway. `empty`: never
 * received. All times are epoch milliseconds of this machine's clock.
 */
import type { StreamStateName } from '@pulsewire/shared-schema/client';

export type Freshness = 'empty' | 'live' | 'stale' | 'degraded' | 'disconnected';

/** What the state of the connection means for values that were received before. */
export type Flow = 'flowing' | 'degraded' | 'disconnected';

export const FLOW_OF: Record<StreamStateName, Flow> = {
  idle: 'disconnected',
  connecting: 'disconnected',
  live: 'flowing',
  degraded: 'degraded',
  waiting: 'disconnected',
  closed: 'disconnected',
  rejected: 'disconnected',
};

/** A value is stale after this many intervals without a newer one. */
export const STALE_INTERVALS = 3;
/** Shorter silences than this are never called stale: they are ordinary jitter. */
const SHORTEST_STALE_MS = 3000;

export interface Sighting {
  readonly seenAtMs: number;
  readonly intervalMs: number;
  /** Age that the producer itself admits to (`meta.stale_s`); 0 when it does not. */
  readonly admittedStaleMs: number;
}

export function isQuiet(sighting: Sighting, nowMs: number): boolean {
  const patienceMs = Math.max(SHORTEST_STALE_MS, STALE_INTERVALS * sighting.intervalMs);
  return nowMs - sighting.seenAtMs > patienceMs;
}

export function deriveFreshness(sighting: Sighting | null, flow: Flow, nowMs: number): Freshness {
  if (sighting === null) return 'empty';
  if (flow !== 'flowing') return flow;
  return sighting.admittedStaleMs > 0 || isQuiet(sighting, nowMs) ? 'stale' : 'live';
}

/** The moment that a value speaks of. */
export function asOfMs(sighting: Sighting): number {
  return sighting.seenAtMs - sighting.admittedStaleMs;
}
