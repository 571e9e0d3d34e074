/**
 * Turns facts about the link and about refused batches into the one state that others see, with one log line
 * when it goes down and one when it is back. The first cause of an outage stays its cause.
 */
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { BusState } from './bus.js';
import { createListeners } from './listeners.js';
import type { Dropped } from './outbox.js';
import type { BusCause } from './refusal.js';

export interface Outage {
  readonly state: BusState;
  onState(listener: (state: BusState) => void): () => void;
  linkIs(cause: BusCause | null): void;
  publishingIs(cause: BusCause | null): void;
  close(): void;
}

export interface OutageOptions {
  clock: Clock;
  logger: Logger;
  dropped: Readonly<Dropped>;
}

export function createOutage({ clock, logger, dropped }: OutageOptions): Outage {
  const listeners = createListeners<BusState>(logger);
  let linkCause: BusCause | null = 'connecting';
  let publishingCause: BusCause | null = null;
  let state: BusState = { status: 'down', sinceMs: clock.nowMs(), cause: 'connecting' };
  let downSinceMs = clock.monotonicMs();
  let warned = false;
  let droppedBefore = { ...dropped };

  function change(next: BusState): void {
    state = next;
    listeners.tell(next);
  }

  function judge(): void {
    const cause = linkCause ?? publishingCause;
    if (cause === null) {
      if (state.status === 'down') goUp();
    } else if (state.status === 'up') goDown(cause);
    else if (!warned && cause !== 'connecting') warn(cause);
  }

  function goDown(cause: BusCause): void {
    downSinceMs = clock.monotonicMs();
    warn(cause);
    change({ status: 'down', sinceMs: clock.nowMs(), cause });
  }

  function warn(cause: BusCause): void {
    warned = true;
    if (state.status === 'down') state = { ...state, cause };
    logger.warn({ cause }, 'bus is down');
  }

  function goUp(): void {
    const fields = {
      outage_ms: Math.round(clock.monotonicMs() - downSinceMs),
      dropped_samples: dropped.samples - droppedBefore.samples,
      dropped_transitions: dropped.transitions - droppedBefore.transitions,
    };
    logger.info(warned ? fields : {}, warned ? 'bus is back' : 'bus is up');
    warned = false;
    // From here on, because a backlog may still overflow right after an outage; the next line tells it.
    droppedBefore = { ...dropped };
    change({ status: 'up', sinceMs: clock.nowMs(), cause: null });
  }

  return {
    get state() {
      return state;
    },
    onState: listeners.add,
    linkIs(cause) {
      linkCause = cause;
      judge();
    },
    publishingIs(cause) {
      publishingCause = cause;
      judge();
    },
    close: listeners.clear,
  };
}
