/** Watches the bus and tells clients what `outage.ts` decides. The log has it from the bus: one event, one line. */
import type { Bus, BusState, Cancel, Clock } from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';
import { renderOutage, renderRecovery } from './feed-words.js';
import { INITIAL_OUTAGE, type OutageAction, type OutageEvent, stepOutage } from './outage.js';

export interface OutageHerald {
  /** The 503 packet for a client that is being greeted, or `null` while the bus is up. */
  greeting(): Buffer | null;
  /** Notes a message that was delivered from the log. */
  noteRecovered(): void;
  stop(): void;
}

export interface OutageHeraldOptions {
  bus: Pick<Bus, 'state' | 'onState'>;
  clock: Clock;
  lastMessageAtMs(): number | null;
  /** Both send to every client that was greeted. */
  announceOutage(payload: Buffer): void;
  announceRecovery(payload: Buffer): void;
}

export function createOutageHerald(options: OutageHeraldOptions): OutageHerald {
  const { bus, clock } = options;
  let state = INITIAL_OUTAGE;
  let stopRepeating: Cancel = () => {};

  function step(event: OutageEvent): OutageAction | null {
    const next = stepOutage(state, event);
    state = next.state;
    return next.action;
  }

  function wentDown({ sinceMs, cause }: BusState): OutageEvent {
    return { name: 'went_down', sinceMs, monotonicMs: clock.monotonicMs(), cause: cause ?? 'unknown' };
  }

  function onBusState(busState: BusState): void {
    repeatWhile(busState.status === 'down');
    if (busState.status === 'up') perform(step({ name: 'came_up', monotonicMs: clock.monotonicMs() }));
    else perform(step(wentDown(busState)));
  }

  /** Counted from the moment of the first packet, so that `retry_after_ms` in it is the truth. */
  function repeatWhile(down: boolean): void {
    stopRepeating();
    stopRepeating = () => {};
    if (down) stopRepeating = clock.every(LIMITS.outageRepeatMs, () => perform(step({ name: 'repeat_due' })));
  }

  function perform(action: OutageAction | null): void {
    if (action?.name === 'tell_all_down') options.announceOutage(outageWords(action.sinceMs));
    if (action?.name !== 'tell_all_up') return;
    const { sinceMs, outageMs, recovered } = action;
    options.announceRecovery(renderRecovery({ sinceMs, outageMs, recovered }));
  }

  function outageWords(sinceMs: number): Buffer {
    const lastMessageAtMs = options.lastMessageAtMs();
    return renderOutage({ nowMs: clock.nowMs(), sinceMs, lastMessageAtMs });
  }

  // Nobody is connected yet: whoever comes is told when greeted.
  if (bus.state.status === 'down') step(wentDown(bus.state));
  repeatWhile(bus.state.status === 'down');
  const unwatch = bus.onState(onBusState);
  return {
    greeting() {
      const action = step({ name: 'client_greeted' });
      return action?.name === 'tell_one_down' ? outageWords(action.sinceMs) : null;
    },
    noteRecovered: () => void step({ name: 'message_recovered' }),
    stop() {
      unwatch();
      repeatWhile(false);
    },
  };
}
