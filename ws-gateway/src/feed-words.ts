/** What the gateway says about itself, as bytes ready to send. Source: contracts.md §2. */

import { isoTime } from '@pulsewire/runtime';
import { type FeedMessage, LIMITS, OUTAGE_CAUSE, type Topic } from '@pulsewire/shared-schema';

/** How much of what a client missed it is told. */
export type Resumed = 'complete' | 'partial' | 'none';

export interface HelloFacts {
  clientId: string;
  nowMs: number;
  version: string;
  messagesPerSecond: number;
  resumed: Resumed;
  state: 'live' | 'degraded';
  topics: Iterable<Topic>;
}

export function renderHello(facts: HelloFacts): Buffer {
  return render({
    type: 'hello',
    data: {
      client_id: facts.clientId,
      server_time: isoTime(facts.nowMs),
      version: facts.version,
      heartbeat_ms: LIMITS.heartbeatMs,
      limits: {
        messages_per_second: facts.messagesPerSecond,
        max_payload_bytes: LIMITS.clientFrameBytes,
      },
      resumed: facts.resumed,
      state: facts.state,
      topics: [...facts.topics],
    },
  });
}

export const SNAPSHOT_BEGIN = render({ type: 'snapshot', data: { phase: 'begin' } });
export const SNAPSHOT_END = render({ type: 'snapshot', data: { phase: 'end' } });

/** `lastMessageAtMs`: when the bus last delivered a message, or `null` before any. Epoch milliseconds. */
export function renderOutage(facts: {
  nowMs: number;
  sinceMs: number;
  lastMessageAtMs: number | null;
}): Buffer {
  const { nowMs, sinceMs, lastMessageAtMs } = facts;
  return render({
    type: 'error',
    data: {
      code: 503,
      message: 'Service Unavailable',
      time: isoTime(nowMs),
      cause: OUTAGE_CAUSE,
      since: isoTime(sinceMs),
      last_message_at: lastMessageAtMs === null ? null : isoTime(lastMessageAtMs),
      retry_after_ms: LIMITS.outageRepeatMs,
    },
  });
}

export function renderRecovery(facts: { sinceMs: number; outageMs: number; recovered: number }): Buffer {
  const { sinceMs, outageMs, recovered } = facts;
  return render({
    type: 'status',
    data: { code: 200, message: 'OK', since: isoTime(sinceMs), outage_ms: Math.round(outageMs), recovered },
  });
}

/** `field` is absent when no single field is to blame. */
export function renderBadMessage(facts: { nowMs: number; message: string; field?: string }): Buffer {
  const { nowMs, message, field } = facts;
  const named = field === undefined ? {} : { field };
  return render({ type: 'error', data: { code: 400, message, time: isoTime(nowMs), ...named } });
}

export function renderNotice(skipped: number, windowMs: number): Buffer {
  const data = { reason: 'conflated' as const, skipped, window_ms: Math.round(windowMs) };
  return render({ type: 'notice', data });
}

export function renderPong(t: number, nowMs: number): Buffer {
  return render({ type: 'pong', data: { t, server_time: isoTime(nowMs) } });
}

function render(message: FeedMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
