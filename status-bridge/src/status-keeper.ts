/**
 * Asks the database at its own pace, one question at a time, whatever the traffic, and keeps the last answer. Who
 * wants a status gets that answer while it is fresh, and else waits for the next one, at the longest until the host
 * counts as unreachable.
 */
import { type Cancel, type Clock, isoTime, type Logger, type Stoppable } from '@pulsewire/runtime';
import {
  BRIDGE_LIMITS,
  HOST_UNREACHABLE,
  type HostRecoveredBody,
  type HostUnreachableBody,
  type StatusBody,
} from '@pulsewire/shared-schema';
import { type HostEvent, type HostState, stepHost } from './host-state.js';

export type Answer =
  | { kind: 'status'; body: StatusBody }
  | { kind: 'unreachable'; body: HostUnreachableBody }
  | { kind: 'refused'; code: 'not_ready' | 'shutting_down'; message: string };

export type HostAnnouncement =
  | { news: 'lost'; body: HostUnreachableBody }
  | { news: 'recovered'; body: HostRecoveredBody };

export interface StatusKeeper extends Stoppable {
  readonly host: HostState;
  /** Never rejects. */
  current(): Promise<Answer>;
}

export interface StatusKeeperOptions {
  clock: Clock;
  logger: Logger;
  read(): Promise<StatusBody>;
  /** Why the host refused; `null` when the error says that nobody answered. */
  refusalOf(error: unknown): string | null;
  onAnswer(outcome: 'answered' | 'refused' | 'failed'): void;
  announce(announcement: HostAnnouncement): void;
}

/** Leaves time for the way there and back, so that the next answer is there before this one is too old. */
const ASK_EVERY_MS = 700;

export function createStatusKeeper(options: StatusKeeperOptions): StatusKeeper {
  const { clock, logger } = options;
  const waiting = new Set<(answer: Answer) => void>();
  let host: HostState = 'starting';
  let fresh: { body: StatusBody; askedMs: number } | null = null;
  let refusal = '';
  let asking = false;
  let stopped = false;
  let unansweredSinceMs: number | null = null;
  let endSilence: Cancel = () => {};

  function ask(): void {
    if (asking || stopped) return;
    asking = true;
    const askedMs = clock.monotonicMs();
    if (unansweredSinceMs === null) {
      unansweredSinceMs = askedMs;
      endSilence = clock.after(BRIDGE_LIMITS.unreachableAfterMs, () => happen('silent'));
    }
    void options.read().then(
      (body) => answered(body, askedMs),
      (error: unknown) => failed(error),
    );
  }

  function answered(body: StatusBody, askedMs: number): void {
    asking = false;
    fresh = { body, askedMs };
    options.onAnswer('answered');
    happen('answered');
  }

  function failed(error: unknown): void {
    asking = false;
    const reason = options.refusalOf(error);
    options.onAnswer(reason === null ? 'failed' : 'refused');
    if (reason === null) return;
    if (host !== 'unusable') logger.error({ err: error }, reason);
    refusal = reason;
    happen('refused');
  }

  function happen(event: HostEvent): void {
    if (stopped) return;
    const outageMs = unansweredSinceMs === null ? 0 : Math.round(clock.monotonicMs() - unansweredSinceMs);
    if (event !== 'silent') {
      endSilence();
      unansweredSinceMs = null;
    }
    const { next, news } = stepHost(host, event);
    host = next;
    for (const tell of [...waiting]) tell(answerNow());
    waiting.clear();
    if (news === 'lost') {
      logger.warn({ silent_ms: outageMs }, 'the host is unreachable');
      options.announce({ news, body: unreachable() });
    }
    if (news === 'recovered') {
      logger.info({ outage_ms: outageMs }, 'the host is reachable again');
      options.announce({ news, body: { time: isoTime(clock.nowMs()), outage_ms: outageMs } });
    }
  }

  function answerNow(): Answer {
    if (host === 'unreachable') return { kind: 'unreachable', body: unreachable() };
    if (host === 'reachable' && fresh !== null) return { kind: 'status', body: fresh.body };
    return { kind: 'refused', code: 'not_ready', message: refusal };
  }

  function unreachable(): HostUnreachableBody {
    const { error, message } = HOST_UNREACHABLE;
    return { error, message, last_updated: fresh?.body.infrastructure.last_updated ?? null };
  }

  function mustWait(): boolean {
    if (host === 'starting') return true;
    if (host !== 'reachable' || fresh === null) return false;
    return clock.monotonicMs() - fresh.askedMs > BRIDGE_LIMITS.cacheMs;
  }

  const endAsking = clock.every(ASK_EVERY_MS, ask);
  ask();
  return {
    get host() {
      return host;
    },
    async current() {
      if (stopped) return ENDING;
      return mustWait() ? new Promise((resolve) => waiting.add(resolve)) : answerNow();
    },
    async stop() {
      stopped = true;
      endAsking();
      endSilence();
      for (const tell of waiting) tell(ENDING);
      waiting.clear();
    },
  };
}

const ENDING: Answer = { kind: 'refused', code: 'shutting_down', message: 'the bridge is about to end' };
