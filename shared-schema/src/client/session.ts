/**
 * One connection's conversation, without a socket: frames in; messages, link events and measurements out.
 * Latency is `data.time` → receipt: the whole way from the sample tick, corrected by the clock offset to the
 * gateway (host clocks are taken to agree with it). Only live messages count: nothing of a snapshot, nothing
 * recovered while degraded, nothing that its producer had kept back during an outage, and nothing that had come
 * while this machine slept.
 */
import type { FeedMessage } from '../feed.js';
import { OUTAGE_CAUSE } from '../names.js';
import { timeOf } from '../series.js';
import type { ClockOffset } from './clock-offset.js';
import { decode } from './decode.js';
import type { LatencyWindow } from './latency-window.js';
import type { LinkEvent, Outage } from './reconnect-state.js';
import type { SeenIds } from './seen-ids.js';
import type { Received } from './types.js';

/** A message whose place in the log is this much younger than its `time` was kept back by its producer. */
const KEPT_BACK_MS = 5000;

export interface SessionOptions {
  seen: SeenIds;
  latencies: LatencyWindow;
  offset: ClockOffset;
  /** What comes now is live, and has not waited for us. */
  isLive: () => boolean;
  /** `resumed`: what follows is all that was missed, and not a snapshot. */
  onHello: (heartbeatMs: number, resumed: boolean) => void;
  /** The snapshot, or what was missed, is complete. The `first` is of what the address asked for, come what may. */
  onSnapshot: (first: boolean) => void;
  /** A ping of ours was answered. */
  onAnswer: (pingedAtMs: number) => void;
  onLink: (event: LinkEvent) => void;
  onMessage: (received: Received) => void;
  onFeed: (message: FeedMessage) => void;
}

export interface Session {
  receive(payload: unknown, nowMs: number): void;
}

export function createSession(options: SessionOptions): Session {
  const { seen } = options;
  let inSnapshot = false;
  let snapshotsBegun = 0;
  /** The snapshot is what was missed, not the state of everything. */
  let replay = false;
  /** The snapshot, or what was missed, has come to its end. */
  let whole = false;
  let degraded = false;

  function receiveMessage(received: Received): void {
    const { message, snapshot, receivedAtMs } = received;
    if (snapshot && !replay) seen.restate(message);
    else if (!seen.accept(message)) return;
    if (!snapshot && options.isLive()) measure(options, received);
    options.onMessage({ message, snapshot, receivedAtMs });
  }

  /** While one node of a Cluster is away, other channels go on without its channels. */
  function level(): void {
    if (!whole) return;
    if (degraded) seen.pin();
    else seen.unpin();
  }

  function receiveFeed(message: FeedMessage, nowMs: number): void {
    switch (message.type) {
      case 'hello':
        replay = message.data.resumed === 'complete';
        degraded = message.data.state !== 'live';
        // What was missed comes one channel after the other.
        if (replay) seen.pin();
        else {
          seen.forget();
          seen.unpin();
        }
        options.onHello(message.data.heartbeat_ms, replay);
        options.onLink({
          type: 'hello',
          degraded: degraded ? unexplained(nowMs) : null,
        });
        break;
      case 'snapshot':
        inSnapshot = message.data.phase === 'begin';
        if (inSnapshot) {
          snapshotsBegun += 1;
          break;
        }
        replay = false;
        whole = true;
        level();
        options.onSnapshot(snapshotsBegun === 1);
        break;
      case 'error':
        if (message.data.code !== 503) break;
        degraded = true;
        level();
        options.onLink({ type: 'outage', outage: deriveOutage(message.data, nowMs) });
        break;
      case 'status':
        if (message.data.code !== 200) break;
        // A log that was lost in the outage begins anew, perhaps with smaller ids.
        seen.forget();
        degraded = false;
        level();
        options.onLink({ type: 'recovered' });
        break;
      case 'pong':
        options.offset.add(message.data.t, Date.parse(message.data.server_time), nowMs);
        options.onAnswer(message.data.t);
        break;
      case 'notice':
        break;
    }
    options.onFeed(message);
  }

  return {
    receive(payload, nowMs) {
      const decoded = decode(payload);
      if (decoded.kind === 'bus')
        receiveMessage({ message: decoded.message, snapshot: inSnapshot, receivedAtMs: nowMs });
      else if (decoded.kind === 'feed') receiveFeed(decoded.message, nowMs);
    },
  };
}

function measure({ offset, latencies }: SessionOptions, { message, receivedAtMs }: Received): void {
  const clock = offset.best();
  const happenedAtMs = Date.parse(timeOf(message));
  if (clock === null || Number.isNaN(happenedAtMs)) return;
  const publishedAtMs = message.id === undefined ? happenedAtMs : Number.parseInt(message.id, 10);
  if (publishedAtMs - happenedAtMs > KEPT_BACK_MS) return;
  latencies.add(receivedAtMs + clock.offsetMs - happenedAtMs, receivedAtMs);
}

function deriveOutage(data: Extract<FeedMessage, { type: 'error' }>['data'], nowMs: number): Outage {
  return {
    cause: data.cause ?? OUTAGE_CAUSE,
    sinceMs: epochMs(data.since) ?? epochMs(data.time) ?? nowMs,
    lastMessageAtMs: epochMs(data.last_message_at) ?? null,
  };
}

/** Degraded according to `hello`; the 503 packet that explains it follows at once. */
function unexplained(nowMs: number): Outage {
  return { cause: OUTAGE_CAUSE, sinceMs: nowMs, lastMessageAtMs: null };
}

function epochMs(time: string | null | undefined): number | undefined {
  const parsed = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
