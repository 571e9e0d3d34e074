/** Keeps the newest messages as the bus brings them, beginning with what it brought within the last minute. */
import type { Bus, Clock, Stoppable } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import type { Newest } from './newest.js';

/** Containers are told of every 30 s, so a minute has every one of them. */
const LOOK_BACK_MS = 60_000;

export function followNewest({ bus, newest, clock }: { bus: Bus; newest: Newest; clock: Clock }): Stoppable {
  const since = Math.max(0, clock.nowMs() - LOOK_BACK_MS);
  return bus.subscribe({
    channels: [CHANNELS.metrics],
    after: { [CHANNELS.metrics]: `${since}-0` },
    onMessage({ bytes }) {
      const parsed = parseBusMessage(bytes);
      // What is no message is told and counted by the gateway and the recorder.
      if (parsed.ok) newest.note(parsed.message, clock.monotonicMs());
    },
  });
}
