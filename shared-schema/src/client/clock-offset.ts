/**
 * Server clock minus own clock, from `ping`/`pong`, the way NTP does it: of the recent exchanges the one with the
 * shortest round trip is believed, because it leaves the least room for one direction to have been slower.
 * Half a round trip is how wrong an exchange can be at most. Two that disagree by more than both say that a clock
 * was set in between: what came before has become false.
 */
const REMEMBERED = 8;
/** Times are whole milliseconds, and clocks drift. */
const TOLERANCE_MS = 50;
/** A pong later than this answers a ping of another life. */
const LONGEST_ROUND_TRIP_MS = 60_000;

interface Exchange {
  offsetMs: number;
  roundTripMs: number;
}

export interface ClockOffset {
  /** `sentAtMs` and `receivedAtMs` by our clock, `serverAtMs` by the server's. */
  add(sentAtMs: number, serverAtMs: number, receivedAtMs: number): void;
  /** `null` before the first exchange. */
  best(): Exchange | null;
}

export function createClockOffset(): ClockOffset {
  let exchanges: Exchange[] = [];
  return {
    add(sentAtMs, serverAtMs, receivedAtMs) {
      const roundTripMs = receivedAtMs - sentAtMs;
      const offsetMs = serverAtMs - (sentAtMs + receivedAtMs) / 2;
      if (!(roundTripMs >= 0 && roundTripMs <= LONGEST_ROUND_TRIP_MS && Number.isFinite(offsetMs))) return;
      const exchange = { offsetMs, roundTripMs };
      exchanges = exchanges.filter((earlier) => agree(earlier, exchange));
      exchanges.push(exchange);
      if (exchanges.length > REMEMBERED) exchanges.shift();
    },
    best() {
      let best = exchanges[0] ?? null;
      for (const exchange of exchanges)
        if (best === null || exchange.roundTripMs <= best.roundTripMs) best = exchange;
      return best;
    },
  };
}

function agree(a: Exchange, b: Exchange): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) <= (a.roundTripMs + b.roundTripMs) / 2 + TOLERANCE_MS;
}
