/**
 * When a client gets the selection that it asked for. Each may cost a page of the log and a whole snapshot: of those
 * that come faster than one is taken the newest counts, and none is taken before the client has read what came before.
 */
import type { Cancel, Clock } from '@pulsewire/runtime';
import type { Selection } from './selection.js';

export interface WantedSelection {
  /** `after`: the log id to resume after, or `null`. */
  put(selection: Selection, after: string | null): void;
  /** True while one was put and not taken. */
  waits(): boolean;
  stop(): void;
}

export interface WantedSelectionOptions {
  clock: Clock;
  /** True when the client has read enough of what it was sent. */
  isReady(): boolean;
  take(selection: Selection, after: string | null): void;
}

const INTERVAL_MS = 250;
const READY_CHECK_MS = 25;

export function createWantedSelection({ clock, isReady, take }: WantedSelectionOptions): WantedSelection {
  let wanted: { selection: Selection; after: string | null } | null = null;
  let cancel: Cancel | null = null;

  function look(): void {
    cancel = null;
    if (wanted === null) return;
    if (!isReady()) {
      cancel = clock.after(READY_CHECK_MS, look);
      return;
    }
    const { selection, after } = wanted;
    wanted = null;
    cancel = clock.after(INTERVAL_MS, look);
    take(selection, after);
  }

  return {
    put(selection, after) {
      wanted = { selection, after };
      if (cancel === null) look();
    },
    waits: () => wanted !== null,
    stop() {
      wanted = null;
      cancel?.();
    },
  };
}
