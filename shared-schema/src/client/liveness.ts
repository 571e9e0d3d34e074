/**
 * Is the connection alive? Browsers cannot see WebSocket pings, so the client sends `ping` messages and takes any
 * frame as a sign of life. The first few pings come fast: they measure the clock offset.
 */

/** Heartbeats without a frame after which the connection counts as lost (contracts.md §3). */
const SILENT_HEARTBEATS = 2.5;
const FIRST_PINGS = 4;
const FIRST_PING_PERIOD_MS = 500;
/** After a wake-up, or when our own timers were late, an answer must come within this. */
const CHECK_MS = 5000;
/** A timer that is later than this says that we slept: what comes then has waited for us, not been slow. */
const SLEPT_MS = 2000;
/** Keeps well below the gateway's limit on client messages, whatever heartbeat it announces. */
const SHORTEST_PING_PERIOD_MS = 100;
/** Timers take no more than about 25 days, and nobody waits for hours to notice a loss. */
const LONGEST_HEARTBEAT_MS = 3_600_000;

export interface Liveness {
  readonly heartbeatMs: number;
  lastFrameAtMs: number;
  nextPingAtMs: number;
  pingsSent: number;
  /** Set while an answer is awaited with urgency; any frame clears it. */
  checkUntilMs: number | null;
  /** When the timer was set, and for when. */
  armedAtMs: number;
  dueAtMs: number;
  /** Until a ping sent since then is answered, what comes may have waited for us to wake; `null` when we are awake. */
  wokeAtMs: number | null;
}

export function startLiveness(heartbeatMs: number, nowMs: number): Liveness {
  return {
    heartbeatMs: Math.min(heartbeatMs, LONGEST_HEARTBEAT_MS),
    lastFrameAtMs: nowMs,
    nextPingAtMs: nowMs,
    pingsSent: 0,
    checkUntilMs: null,
    armedAtMs: nowMs,
    dueAtMs: nowMs,
    wokeAtMs: null,
  };
}

/** Notes a frame. Called for each one: changes the object in place. */
export function noteFrame(liveness: Liveness, nowMs: number): void {
  liveness.wokeAtMs = deriveWokeAtMs(liveness, nowMs);
  liveness.lastFrameAtMs = nowMs;
  liveness.checkUntilMs = null;
}

/** Notes the answer to a ping: nothing that was sent before it is still to come. In place, too. */
export function noteAnswer(liveness: Liveness, pingedAtMs: number): void {
  if (liveness.wokeAtMs !== null && pingedAtMs >= liveness.wokeAtMs) liveness.wokeAtMs = null;
}

/** The state in which an answer must come soon, and a ping is due. */
export function demandAnswer(liveness: Liveness, nowMs: number): Liveness {
  return {
    ...liveness,
    checkUntilMs: nowMs + CHECK_MS,
    nextPingAtMs: nowMs,
    armedAtMs: nowMs,
    dueAtMs: nowMs,
    wokeAtMs: deriveWokeAtMs(liveness, nowMs),
  };
}

export type LivenessDecision =
  | { lost: true }
  | { lost: false; ping: boolean; delayMs: number; next: Liveness };

/** What to do when the timer fires: give up, or ping if due, and wait `delayMs`. */
export function decideLiveness(given: Liveness, nowMs: number): LivenessDecision {
  const current = forgiveOwnFault(given, nowMs);
  if (nowMs >= deadlineMs(current)) return { lost: true };
  const ping = nowMs >= current.nextPingAtMs;
  const pingsSent = current.pingsSent + (ping ? 1 : 0);
  const nextPingAtMs = ping ? nowMs + pingPeriodMs(pingsSent, current.heartbeatMs) : current.nextPingAtMs;
  const dueAtMs = Math.min(nextPingAtMs, deadlineMs(current));
  const wokeAtMs = deriveWokeAtMs(given, nowMs);
  const next = { ...current, pingsSent, nextPingAtMs, armedAtMs: nowMs, dueAtMs, wokeAtMs };
  return { lost: false, ping, delayMs: dueAtMs - nowMs, next };
}

/**
 * A timer that comes much too late, or a clock that was set, says that this machine slept, was busy or had its
 * time changed; frames may be waiting unread. The server gets another chance to answer.
 */
function forgiveOwnFault(liveness: Liveness, nowMs: number): Liveness {
  const late = nowMs - liveness.dueAtMs > liveness.heartbeatMs / 2;
  const setBack = nowMs < liveness.armedAtMs;
  if (!late && !setBack) return liveness;
  return { ...demandAnswer(liveness, nowMs), lastFrameAtMs: nowMs };
}

/** Also when the clock was set: until the next answer nobody knows how old anything is. */
function deriveWokeAtMs({ armedAtMs, dueAtMs, wokeAtMs }: Liveness, nowMs: number): number | null {
  return nowMs - dueAtMs > SLEPT_MS || nowMs < armedAtMs ? nowMs : wokeAtMs;
}

function deadlineMs(liveness: Liveness): number {
  return liveness.checkUntilMs ?? liveness.lastFrameAtMs + liveness.heartbeatMs * SILENT_HEARTBEATS;
}

function pingPeriodMs(pingsSent: number, heartbeatMs: number): number {
  const steadyMs = Math.max(heartbeatMs / 2, SHORTEST_PING_PERIOD_MS);
  return pingsSent < FIRST_PINGS ? Math.min(FIRST_PING_PERIOD_MS, steadyMs) : steadyMs;
}
