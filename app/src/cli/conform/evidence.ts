/**
 * What can be seen of a gateway from outside, as plain values. A *probe* collects evidence through a {@link Peer}; a
 * *judge* looks at evidence and nothing else.
 */
import type { Channel } from '@pulsewire/shared-schema';

export interface HttpAnswer {
  /** 101 when the upgrade succeeded, 0 when there was no answer. */
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Frame {
  text: string;
  binary: boolean;
  /** Since the connection opened. */
  atMs: number;
}

/** One connection from handshake to end. */
export interface Conversation {
  /** The answer instead of an upgrade, or `null`. */
  refused: HttpAnswer | null;
  /** The subprotocol that the gateway chose; empty without one. */
  protocol: string;
  frames: readonly Frame[];
  /** When WebSocket pings came, since the connection opened. */
  pingsAtMs: readonly number[];
  /** How the gateway ended it, or `null` when it was still open at the end. */
  closed: { code: number; atMs: number } | null;
}

export interface Ask {
  /** Default: the path of the feed. */
  path?: string;
  method?: string;
  query?: Readonly<Record<string, string>>;
  /** Default: the right key in `X-API-KEY`. `null` leaves it out. */
  key?: string | null;
  headers?: Readonly<Record<string, string>>;
  /** Asks for a WebSocket upgrade. */
  upgrade?: boolean;
}

export type Say = (message: string | Buffer) => void;

export interface Talk {
  path?: string;
  query?: Readonly<Record<string, string>>;
  key?: string | null;
  headers?: Readonly<Record<string, string>>;
  protocols?: readonly string[];
  /** Called once the first snapshot has ended. */
  onLive?: (say: Say) => void | Promise<void>;
  /** Ends the conversation; so do the gateway and the deadline. */
  until: (frames: readonly Frame[]) => boolean;
  deadlineMs?: number;
  /** False leaves the gateway's pings without an answer. */
  answersPings?: boolean;
}

export interface Peer {
  readonly key: string;
  readonly wrongKey: string;
  ask(request: Ask): Promise<HttpAnswer>;
  talk(script: Talk): Promise<Conversation>;
  /** Publishes on the bus behind the gateway; `null` when it cannot be reached. */
  readonly publish: ((channel: Channel, payload: string) => Promise<void>) | null;
}

export interface Probe<E> {
  /** `publisher`: the bus. `time`: more than a few seconds, or something that is felt afterwards. */
  needs?: 'publisher' | 'time';
  collect(peer: Peer): Promise<E>;
}

export type Verdict =
  | { kind: 'ok' }
  | { kind: 'not ok'; expected: string; got: string }
  | { kind: 'skip'; why: string };

export interface Rule {
  /** Number in the gateway's SPEC.md. */
  id: string;
  promise: string;
  probe: Probe<unknown>;
  judge(evidence: unknown): Verdict;
}

/** Ties a judge to the evidence that it can read. */
export function rule<E>(id: string, promise: string, probe: Probe<E>, judge: (evidence: E) => Verdict): Rule {
  return { id, promise, probe, judge: (evidence) => judge(evidence as E) };
}
