/** Follows the log while somebody listens, one question at a time. A question that fails is asked again later. */
import type { Clock, Stoppable } from '@pulsewire/runtime';
import { BRIDGE_LIMITS } from '@pulsewire/shared-schema';
import type { LogTail, LogTailRequest } from '@pulsewire/store';

export interface LogTailOptions {
  clock: Clock;
  read(request: LogTailRequest): Promise<LogTail>;
  hasListeners(): boolean;
  onNew(tail: LogTail): void;
}

export interface LogTailer extends Stoppable {
  /** Looks at once: a first listener must not miss what comes before the next regular look. */
  wake(): void;
}

const LOOK_EVERY_MS = 1000;
/** A line recorded later than this after its own time is not told. Bounds what each look reads. */
const LATEST_MS = 600_000;

export function createLogTail(options: LogTailOptions): LogTailer {
  const { clock } = options;
  let position: string | null = null;
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    if (!options.hasListeners()) {
      position = null;
      return;
    }
    looking = true;
    try {
      const fromMs = clock.nowMs() - LATEST_MS;
      const tail = await options.read({ after: position, fromMs, limit: BRIDGE_LIMITS.logLinesPerSecond });
      position = tail.position;
      if (tail.lines.length > 0) options.onNew(tail);
    } catch {
      // The status says that the database is away; the position is kept.
    } finally {
      looking = false;
    }
  }

  const end = clock.every(LOOK_EVERY_MS, () => void look());
  return {
    wake: () => void look(),
    async stop() {
      end();
    },
  };
}
