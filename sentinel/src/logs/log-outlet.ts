/**
 * The one way out for log lines. A line is *taken* when it is in the bus's log; only so many are out at once, and
 * whoever has more waits, so that a bus that is slow or down holds up the reading instead of filling the memory, and
 * leaves room in the bus's own queue for alerts.
 */
import type { Bus, Clock } from '@pulsewire/runtime';
import { CHANNELS, type Log } from '@pulsewire/shared-schema';

export interface LogOutlet {
  /** When the oldest line that is out was handed on, epoch ms; `null` when none is. */
  readonly outSinceMs: number | null;
  /**
   * Waits for room, then hands the messages to the bus. `onTaken` is called once they are in its log. Resolves with
   * false when it was closed before: then nothing was handed on.
   */
  publish(messages: readonly Log[], onTaken?: () => void): Promise<boolean>;
  /** Resolves when everything handed on was taken, or after `timeoutMs`; nothing is handed on any more. */
  close(timeoutMs: number): Promise<void>;
}

/** Lines that are out. More make nothing faster; the bus takes 500 at a time. */
const WINDOW = 1000;
const FLUSH_TIMEOUT_MS = 5000;

export function createLogOutlet(
  bus: Pick<Bus, 'publish' | 'flush' | 'state' | 'onState'>,
  clock: Clock,
): LogOutlet {
  let out: { lines: number; sinceMs: number; onTaken: (() => void) | undefined }[] = [];
  let outLines = 0;
  let waiting: (() => void)[] = [];
  let confirming = false;
  let closed = false;

  const hasRoom = () => bus.state.status === 'up' && outLines < WINDOW;

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  }

  /** An empty queue of the bus means that everything before was taken. */
  async function confirm(): Promise<void> {
    if (confirming) return;
    confirming = true;
    while (out.length > 0 && !closed) {
      const batch = out.length;
      if (!(await bus.flush(FLUSH_TIMEOUT_MS))) continue;
      settle(batch);
      wake();
    }
    confirming = false;
  }

  function settle(batch: number): void {
    for (const { lines, onTaken } of out.slice(0, batch)) {
      outLines -= lines;
      onTaken?.();
    }
    out = out.slice(batch);
  }

  const unwatch = bus.onState(wake);
  return {
    get outSinceMs() {
      return out[0]?.sinceMs ?? null;
    },
    async publish(messages, onTaken) {
      while (!closed && !hasRoom()) await new Promise<void>((resolve) => waiting.push(resolve));
      if (closed) return false;
      for (const message of messages) bus.publish(CHANNELS.logs, message);
      outLines += messages.length;
      out.push({ lines: messages.length, sinceMs: clock.nowMs(), onTaken });
      void confirm();
      return true;
    },
    async close(timeoutMs) {
      closed = true;
      unwatch();
      wake();
      const batch = out.length;
      if (batch > 0 && (await bus.flush(timeoutMs))) settle(batch);
    },
  };
}
