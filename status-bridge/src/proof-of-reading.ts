/**
 * Whether a client reads what it is sent. Engine.IO's own ping is answered by a word that anybody can say unasked; here
 * a WebSocket is asked for random bytes, which only who has read up to them can send back.
 */
import { randomBytes } from 'node:crypto';

/** The part of a WebSocket that is used here; whoever answers a ping sends its bytes back. */
export interface Pingable {
  ping(data: Buffer): void;
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): unknown;
}

export interface ProofOfReading {
  /** Asks anew; false when the last question was not answered. `null`: long polling, whose requests are the proof. */
  ask(socket: Pingable | null): boolean;
}

const PROOF_BYTES = 8;

export function createProofOfReading(): ProofOfReading {
  let asked: Buffer | null = null;
  let listening: Pingable | null = null;
  return {
    ask(socket) {
      if (asked !== null) return false;
      if (socket === null) return true;
      if (socket !== listening)
        socket.on('pong', (data) => {
          if (asked?.equals(data)) asked = null;
        });
      listening = socket;
      asked = randomBytes(PROOF_BYTES);
      socket.ping(asked);
      return true;
    },
  };
}
