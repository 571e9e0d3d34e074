/** Turns what queries met into the one state that others see, with one log line down and one up. */
import type { Clock, Logger } from '@pulsewire/runtime';
import type { DatabaseCause } from './classify-failure.js';
import type { DatabaseState } from './database.js';

export interface Availability {
  readonly state: DatabaseState;
  readonly ready: Promise<void>;
  onState(listener: (state: DatabaseState) => void): () => void;
  answered(): void;
  /** The first cause of an outage stays its cause. */
  lost(cause: DatabaseCause): void;
  close(): void;
}

export function createAvailability({ clock, logger }: { clock: Clock; logger: Logger }): Availability {
  const listeners = new Set<(state: DatabaseState) => void>();
  let state: DatabaseState = { status: 'down', sinceMs: clock.nowMs(), cause: 'connecting' };
  let markReady = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });

  function change(next: DatabaseState): void {
    state = next;
    for (const listener of [...listeners]) {
      try {
        listener(next);
      } catch (error) {
        logger.error({ err: error }, 'a listener of the database threw');
      }
    }
  }

  return {
    get state() {
      return state;
    },
    ready,
    onState(listener) {
      // A copy of its own, so that adding the same function twice means two listeners.
      const entry = (value: DatabaseState) => listener(value);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    answered() {
      markReady();
      if (state.status === 'up') return;
      const outageMs = clock.nowMs() - state.sinceMs;
      logger.info({ outage_ms: outageMs, cause: state.cause }, 'the database answers');
      change({ status: 'up', sinceMs: clock.nowMs(), cause: null });
    },
    lost(cause) {
      if (state.status === 'down' && state.cause !== 'connecting') return;
      logger.warn({ cause }, 'the database is down');
      const sinceMs = state.status === 'down' ? state.sinceMs : clock.nowMs();
      change({ status: 'down', sinceMs, cause });
    },
    close: () => listeners.clear(),
  };
}
