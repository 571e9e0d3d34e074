/**
 * When it is looked at how clients read (GW-105), and who of them is marked (GW-107): all four times a second but for
 * those that may rest. A look at thousands takes milliseconds, so it waits for the end of a round of writing, in the
 * midst of which it would hold up all who are still to come; but not for longer than until the next look.
 */
import type { Cancel, Clock } from '@pulsewire/runtime';

/** A client, as far as it is looked at. */
export interface Looked {
  readonly session: {
    /** Returns how many milliseconds it may rest. */
    checkPressure(): number;
  };
  /** Monotonic time of the last and of the next look. */
  lookedMs: number;
  lookAtMs: number;
  /** How much of its rest it takes when all were looked at together, so that they are not for ever. */
  readonly restShare: number;
}

export interface Looks {
  /** False when so many were marked at this look that another one must wait. */
  takeMark(): boolean;
  /** To be called for a client that is gone. */
  forget(client: Looked): void;
  stop: Cancel;
}

export interface LooksOptions<Client extends Looked> {
  /** In the order in which they are looked at; who is marked goes to the end. */
  clients: Set<Client>;
  clock: Clock;
  /** Of what was written since the last call to the one that got most. */
  takeLargestBytes(): number;
  /** Runs the task between two rounds of writing (see `uws-audience.ts`); the last one that was given. */
  whenIdle(task: () => void): void;
  /** Of every client, behind its look if there is one. */
  onPassed(client: Client, nowMs: number): void;
}

const LOOK_EVERY_MS = 250;
/** Ten thousand clients that came together would be marked together, and their pongs hold the feed up. */
const MARKS_PER_LOOK = 200;
/** So much between two looks, and a client that rests because little came would be marked too late. */
const REST_ENDS_BYTES = 16 * 1024;

export function createLooks<Client extends Looked>(options: LooksOptions<Client>): Looks {
  const { clients, clock } = options;
  /** Who got no mark for want of one, first come first served. */
  const unmarked = new Set<Client>();
  let marksLeft = MARKS_PER_LOOK;
  let markRefused = false;
  /** All are looked at now. */
  let restEnded = false;
  /** A look waits for the end of a round. */
  let waits = false;
  let stopped = false;

  const cancel = clock.every(LOOK_EVERY_MS, () => {
    if (waits) lookAtAll();
    waits = true;
    options.whenIdle(() => {
      if (waits && !stopped) lookAtAll();
    });
  });

  function lookAtAll(): void {
    waits = false;
    const nowMs = clock.monotonicMs();
    marksLeft = MARKS_PER_LOOK;
    restEnded = options.takeLargestBytes() >= REST_ENDS_BYTES;
    for (const client of unmarked) {
      if (marksLeft === 0) break;
      unmarked.delete(client);
      look(client, nowMs);
    }
    for (const client of clients) {
      if ((restEnded || nowMs >= client.lookAtMs) && client.lookedMs !== nowMs) look(client, nowMs);
      options.onPassed(client, nowMs);
    }
  }

  function look(client: Client, nowMs: number): void {
    const before = marksLeft;
    markRefused = false;
    client.lookedMs = nowMs;
    client.lookAtMs = nowMs + client.session.checkPressure() * (restEnded ? client.restShare : 1);
    if (markRefused) unmarked.add(client);
    if (marksLeft === before) return;
    // To the end, so that those come first who have waited longer.
    clients.delete(client);
    clients.add(client);
  }

  return {
    takeMark() {
      markRefused = marksLeft === 0;
      if (!markRefused) marksLeft -= 1;
      return !markRefused;
    },
    forget: (client) => void unmarked.delete(client as Client),
    stop() {
      stopped = true;
      cancel();
    },
  };
}
