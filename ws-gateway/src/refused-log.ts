/** One log line for any number of refused bus messages: the first at once, then a summary at most every 10 s. */
import type { Cancel, Clock, Logger } from '@pulsewire/runtime';
import type { ParseErrorCode } from '@pulsewire/shared-schema';

export interface RefusedLog {
  note(reason: ParseErrorCode): void;
  /** Writes what has not been summed up yet. */
  stop(): void;
}

const INTERVAL_MS = 10_000;

export function createRefusedLog(logger: Logger, clock: Clock): RefusedLog {
  const counts = new Map<ParseErrorCode, number>();
  let cancel: Cancel | null = null;

  function write(): void {
    cancel = null;
    if (counts.size === 0) return;
    logger.warn({ refused: Object.fromEntries(counts) }, 'messages from the bus did not validate');
    counts.clear();
    cancel = clock.after(INTERVAL_MS, write);
  }

  function stop(): void {
    cancel?.();
    write();
    cancel?.();
  }

  return {
    note(reason) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      if (cancel === null) write();
    },
    stop,
  };
}
