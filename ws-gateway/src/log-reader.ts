/** Reading what was published before, from the bus's log or from what the gateway itself remembers. */
import type { LogEntry } from '@pulsewire/runtime';
import type { BusMessage, Channel } from '@pulsewire/shared-schema';

export interface ReadEntry extends LogEntry {
  /** Put here by who reads the entry first, so that it is parsed once for however many clients resume. */
  message?: BusMessage;
}

export interface LogPage {
  entries: ReadEntry[];
  /** False when entries right after the position had already been trimmed or lost. */
  reachesBack: boolean;
}

/** The part of the bus that is needed. */
export interface LogReader {
  readLog(channel: Channel, options: { after: string | null; limit: number }): Promise<LogPage>;
}
