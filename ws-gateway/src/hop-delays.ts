/**
 * How long a message took from hop to hop, in milliseconds: collected (its own time) → published (its id) →
 * received (by this gateway) → written (to the sockets). The first two compare clocks of different machines; what
 * seems to be less than nothing is nothing.
 */
import { placeOf } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';

export const HOPS = ['collected_published', 'published_received', 'received_written'] as const;
export type Hop = (typeof HOPS)[number];

export type HopDelays = Record<Exclude<Hop, 'received_written'>, number>;

/**
 * The hops before the gateway. `nowMs`: epoch time of receipt. `null` for a foreign message, which was published we do
 * not know when.
 */
export function delaysUntilReceived({ id, message }: Arrival, nowMs: number): HopDelays | null {
  if (id === null) return null;
  const publishedMs = publishedAtMs(id);
  const { data } = message;
  const collectedMs = epochMsOf('time' in data ? data.time : data.timestamp);
  return {
    collected_published: Math.max(0, publishedMs - collectedMs),
    published_received: Math.max(0, nowMs - publishedMs),
  };
}

/** What was collected together has the same time. */
let newestTime: string | null = null;
let newestTimeMs = Number.NaN;

function epochMsOf(time: string): number {
  if (time === newestTime) return newestTimeMs;
  newestTimeMs = Date.parse(time);
  newestTime = time;
  return newestTimeMs;
}

/** Epoch time at which the bus gave out the id. */
export function publishedAtMs(id: string): number {
  return placeOf(id).ms;
}
