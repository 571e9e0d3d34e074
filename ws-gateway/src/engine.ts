/**
 * The engine is the part that touches sockets. It asks for a decision on every handshake, opens what was
 * accepted, and moves packets out and messages in; it decides nothing itself. A decision and the opening that
 * follows happen within one turn of the event loop, so no handshake is ever half counted.
 */

import type { Stoppable } from '@pulsewire/runtime';
import { CLOSE_CODES, type CloseCode, LIMITS } from '@pulsewire/shared-schema';
import type { Admission, HandshakeDecision, HandshakeRequest } from './handshake.js';
import type { Packet } from './packet.js';

/** One client's connection. Calls after its end do nothing. */
export interface Connection {
  /** False from the moment at which either side began to close. */
  readonly isOpen: boolean;
  /** Bytes that were written and have not left yet. */
  readonly bufferedBytes: number;
  /** Bytes that an audience of it was written and that it has not been written yet. */
  readonly dueBytes: number;
  write(packet: Packet): void;
  /** Goes before what is due. `payload` comes back with the pong; at most 125 bytes. */
  ping(payload: string): void;
  /**
   * Runs the task behind the next packet that its audience is written, so that what the task sends leaves in the same
   * write where that has room; at once outside of an audience. Of several that wait the last one counts, and it is dropped when the
   * connection leaves the audience. Missing where that would save nothing.
   */
  behindNext?(task: () => void): void;
  /** Says goodbye; what was written before still goes out. A peer that does not answer is cut off. */
  close(code: CloseCode, reason: string): void;
  terminate(): void;
}

export interface ConnectionHandler {
  /** A whole message. `frame` may be reused after the call returns. */
  onMessage(frame: Buffer, binary: boolean): void;
  /** Any pong, asked for or not; `payload` is whatever the peer put into it. */
  onPong(payload: string): void;
  /** The connection is gone; called once. 1006 when nobody said goodbye. */
  onClose(code: number): void;
}

export interface EngineHandler {
  decide(request: HandshakeRequest): HandshakeDecision;
  open(connection: Connection, admission: Admission): ConnectionHandler;
}

/** Connections that receive the same packets, each in the order of everything that it is sent. */
export interface Audience {
  add(connection: Connection): void;
  delete(connection: Connection): void;
  /** Calls back when all have been written to, at once or later, unless the engine is stopped before. */
  write(packet: Packet, onWritten: () => void): void;
}

/** `stop` refuses what comes later and cuts off what is still open. */
export interface Engine extends Stoppable {
  /** Only where the engine can do better than one write for each. */
  createAudience?(): Audience;
  /**
   * Runs the task when no audience is in the midst of being written to; at once if none is. Of several that wait the
   * last one counts. Missing where all are written to at once.
   */
  whenIdle?(task: () => void): void;
}

/** A server that brings an engine of its own, once. */
export interface EngineHost {
  createEngine(handler: EngineHandler): Engine;
}

/** Above the 4 KiB that a message may have, so that a somewhat larger one is answered rather than cut off. */
export const TOO_BIG = {
  bytes: LIMITS.closingFrameBytes,
  code: CLOSE_CODES.tooBig,
  reason: 'message too big',
} as const;
