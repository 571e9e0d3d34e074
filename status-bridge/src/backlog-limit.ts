/**
 * How much may wait in a TCP connection for its peer to read, whatever made it wait. Answers to the pings of a
 * WebSocket and to polls are written without anybody counting them, also before there is a connection of Socket.IO.
 */
import type { Cancel, Clock } from '@pulsewire/runtime';

export interface Backlogged {
  readonly writableLength: number;
  destroy(): unknown;
}

export interface BacklogLimitOptions {
  /** Those that are open now. */
  sockets: ReadonlySet<Backlogged>;
  clock: Clock;
  onCutOff(reason: 'slow'): void;
}

const LOOK_MS = 1000;
/** The longest answer to a poll, in UTF-8, and as much again for whoever is about to read it. */
const MAX_UNREAD_BYTES = 16_777_216;

/** Returns its end. */
export function limitBacklogs({ sockets, clock, onCutOff }: BacklogLimitOptions): Cancel {
  return clock.every(LOOK_MS, () => {
    for (const socket of [...sockets]) {
      if (socket.writableLength <= MAX_UNREAD_BYTES) continue;
      onCutOff('slow');
      socket.destroy();
    }
  });
}
