/**
 * Server clock minus own clock, from `ping`/`pong`, the way NTP does it: of the recent exchanges the one with the
 * shortest round trip is believed, because it leaves the least room for one direction to have been slower.
 */
const REMEMBERED = 8;
/** A pong later than this answers a ping of another life. */
const LONGEST_ROUND_TRIP_MS = 60_000;

export interface ClockOffset {
  /** `sentAtMs` and `receivedAtMs` by our clock, `serverAtMs` by the server's. */
  add(sentAtMs: number, serverAtMs: number, receivedAtMs: number): void;
  /** `null` before the first exchange. */
  best(): { offsetMs: number; roundTripMs: number } | null;
}

export function createClockOffset(): ClockOffset {
  const exchanges: { offsetMs: number; roundTripMs: number }[] = [];
  return {
    add(sentAtMs, serverAtMs, receivedAtMs) {
      const roundTripMs = receivedAtMs - sentAtMs;
      const offsetMs = serverAtMs - (sentAtMs + receivedAtMs) / 2;
      if (!(roundTripMs >= 0 && roundTripMs <= LONGEST_ROUND_TRIP_MS && Number.isFinite(offsetMs))) return;
      exchanges.push({ offsetMs, roundTripMs });
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
