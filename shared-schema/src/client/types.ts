/** What the stream client shows to the outside. Framework-free; source: contracts.md §3. */
import type { FeedMessage } from '../feed.js';
import type { BusMessage, BusMessageType } from '../messages.js';
import type { Topic } from '../names.js';

/** Why the connection was lost or could not be made. */
export const LOSS_REASONS = [
  'refused',
  'closed',
  'silent',
  'server_restart',
  'too_slow',
  'policy',
  'network_error',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** All times are epoch milliseconds of this machine's clock. */
export type StreamState =
  | { name: 'idle' }
  | { name: 'connecting'; attempt: number }
  | { name: 'live'; sinceMs: number }
  | { name: 'degraded'; cause: string; sinceMs: number; lastMessageAtMs: number | null }
  | { name: 'waiting'; attempt: number; nextAtMs: number; reason: LossReason }
  | { name: 'closed' }
  | { name: 'rejected'; status: 401 | 403 };
export type StreamStateName = StreamState['name'];

export interface Selection {
  topics?: readonly Topic[];
  metricTypes?: readonly string[];
  hosts?: readonly string[];
  containers?: readonly string[];
  /** At most this many messages a second. */
  rate?: number;
}

/** End-to-end latency of live messages over the last minute, corrected for clock offset; `null` before any. */
export interface LatencyReport {
  p50Ms: number | null;
  p99Ms: number | null;
  samples: number;
  /** Server clock minus own clock. */
  clockOffsetMs: number | null;
  roundTripMs: number | null;
}

/** A message of the bus, or of a type that this client does not know yet. */
export interface Received {
  message: BusMessage;
  /** True between `snapshot` begin and end: not live, must not count for latency. */
  snapshot: boolean;
  receivedAtMs: number;
}

export interface StreamEvents {
  state: (state: StreamState) => void;
  message: (received: Received) => void;
  /** What the gateway says about itself: hello, snapshot, error, status, notice, pong. */
  feed: (message: FeedMessage) => void;
  latency: (report: LatencyReport) => void;
}

export interface StreamManager {
  readonly state: StreamState;
  readonly latency: LatencyReport;
  /** Connects, and stays connected until {@link close}. Does nothing unless idle, closed or rejected. */
  open(): void;
  /** Ends the connection for good; `open` starts again. */
  close(): void;
  /** Skips the wait and tries now. */
  retryNow(): void;
  /** Replaces the key and connects with it (the way out of `rejected`). When closed, `open` will use it. */
  setKey(key: string): void;
  /** Replaces what is received; takes effect at once when live. */
  select(selection: Selection): void;
  on<E extends keyof StreamEvents>(event: E, listener: StreamEvents[E]): () => void;
}

/** Method syntax, so that handlers that want a richer event (DOM's, `ws`'s) fit without a cast. */
type Handler<E> = { handle(event: E): void }['handle'];

/** The part of the WebSocket interface that is used; browsers' and `ws` both fit. */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: Handler<unknown> | null;
  onmessage: Handler<{ data: unknown }> | null;
  onclose: Handler<{ code: number; reason: string }> | null;
  onerror: Handler<unknown> | null;
}

export interface StreamClock {
  nowMs(): number;
  after(delayMs: number, task: () => void): () => void;
}

export interface StreamManagerOptions {
  /** `ws://` or `wss://` address of the feed, without key. */
  url: string;
  key: string;
  selection?: Selection;
  /** Share of random extra wait: 0 for exact steps. Default 0.2. */
  jitter?: number;
  /** Default: the platform's `WebSocket`. */
  connect?: (url: string, protocols: string[]) => SocketLike;
  /**
   * Asks why a handshake failed, because browsers do not tell: resolves with the HTTP status of a plain GET with
   * the key in `X-API-KEY`, or `null`. Default: `fetch`.
   */
  probe?: (url: string, key: string) => Promise<number | null>;
  clock?: StreamClock;
  random?: () => number;
  /** Tells when to try at once (`online`, page visible). Default: the browser's events, nothing in Node. */
  wakeUps?: (wake: () => void) => () => void;
  /** Resume after this log id at the first connection. */
  after?: string;
  /**
   * Resumes only when the last message is not older than this; otherwise a reconnect begins with a snapshot, which
   * is far less to receive than a night's messages. Default: always resumes.
   */
  resumeWithinMs?: number;
  /** Gets what a listener threw. Default: `reportError` in browsers, a process warning in Node. */
  onListenerError?: (error: unknown) => void;
}

export type KnownType = BusMessageType;
