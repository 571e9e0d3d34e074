/**
 * Turns facts about the link, about refused batches and about what probes are told into the one state that others
 * see. Going down is one change and one log line, and so is coming back. What Redis refuses later in the same outage
 * is another line, for by then somebody may be looking for the wrong reason.
 */
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { BusState } from './bus.js';
import { createListeners } from './listeners.js';
import type { Dropped } from './outbox.js';
import type { BusCause, Trouble } from './refusal.js';

export interface Outage {
  /** `cause` is the one that was logged last. */
  readonly state: BusState;
  onState(listener: (state: BusState) => void): () => void;
  linkIs(trouble: Trouble | null): void;
  publishingIs(trouble: Trouble | null): void;
  probedIs(trouble: Trouble | null): void;
  close(): void;
}

export interface OutageOptions {
  clock: Clock;
  logger: Logger;
  dropped: Readonly<Dropped>;
}

/** These come and go while a connection is lost and made anew; the others last until somebody acts. */
const PASSING: ReadonlySet<BusCause> = new Set([
  'connecting',
  'connection_lost',
  'canary_timeout',
  'loading',
  'busy',
]);

/** Where memory is short, writes are refused and taken in turns; nobody is to be told of each. */
const REFUSED_FOR_MS = 500;

export function createOutage({ clock, logger, dropped }: OutageOptions): Outage {
  const listeners = createListeners<BusState>(logger);
  const troubles: Record<'link' | 'publishing' | 'probed', Trouble | null> = {
    link: { cause: 'connecting', detail: null },
    publishing: null,
    probed: null,
  };
  let state: BusState = { status: 'down', sinceMs: clock.nowMs(), cause: 'connecting' };
  let downSinceMs = clock.monotonicMs();
  let probeRefusedAtMs = Number.NEGATIVE_INFINITY;
  /** The causes of this outage that were logged. */
  const logged = new Set<BusCause>();
  let droppedBefore = { ...dropped };

  function change(next: BusState): void {
    state = next;
    listeners.tell(next);
  }

  function judge(): void {
    const trouble = troubles.link ?? troubles.publishing ?? troubles.probed;
    if (trouble === null) {
      if (state.status === 'down') goUp();
    } else if (state.status === 'up') goDown(trouble);
    else warn(trouble);
  }

  function goDown(trouble: Trouble): void {
    downSinceMs = clock.monotonicMs();
    warn(trouble);
    change({ status: 'down', sinceMs: clock.nowMs(), cause: trouble.cause });
  }

  function warn({ cause, detail }: Trouble): void {
    if (cause === 'connecting' || logged.has(cause) || (logged.size > 0 && PASSING.has(cause))) return;
    const fields = detail === null ? { cause } : { cause, detail };
    logger.warn(fields, logged.size === 0 ? 'bus is down' : 'bus is still down');
    logged.add(cause);
    if (state.status === 'down') state = { ...state, cause };
  }

  function goUp(): void {
    const fields = {
      outage_ms: Math.round(clock.monotonicMs() - downSinceMs),
      dropped_samples: dropped.samples - droppedBefore.samples,
      dropped_transitions: dropped.transitions - droppedBefore.transitions,
    };
    const warned = logged.size > 0;
    logger.info(warned ? fields : {}, warned ? 'bus is back' : 'bus is up');
    logged.clear();
    // From here on, because a backlog may still overflow right after an outage; the next line tells it.
    droppedBefore = { ...dropped };
    change({ status: 'up', sinceMs: clock.nowMs(), cause: null });
  }

  function set(about: keyof typeof troubles, trouble: Trouble | null): void {
    troubles[about] = trouble;
    judge();
  }

  return {
    get state() {
      return state;
    },
    onState: listeners.add,
    linkIs: (trouble) => set('link', trouble),
    publishingIs: (trouble) => set('publishing', trouble),
    probedIs(trouble) {
      const nowMs = clock.monotonicMs();
      if (trouble !== null) probeRefusedAtMs = nowMs;
      if (trouble !== null || nowMs - probeRefusedAtMs >= REFUSED_FOR_MS) set('probed', trouble);
    },
    close: listeners.clear,
  };
}
