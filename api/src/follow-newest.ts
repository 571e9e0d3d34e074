/** Keeps the newest messages as the bus brings them, beginning with what it brought within the last minute. */
import { atEndOfTurn, type Bus, type Clock, type Stoppable } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import type { Newest } from './newest.js';

/** Containers are told of every 30 s, so a minute has every one of them. */
const LOOK_BACK_MS = 60_000;

export function followNewest({ bus, newest, clock }: { bus: Bus; newest: Newest; clock: Clock }): Stoppable {
  const since = Math.max(0, clock.nowMs() - LOOK_BACK_MS);
  let waiting: Buffer[] = [];

  function noteAll(): void {
    const payloads = waiting;
    waiting = [];
    for (const payload of payloads) {
      const parsed = parseBusMessage(payload);
      // What is no message is told and counted by the gateway and the recorder.
      if (parsed.ok) newest.note(parsed.message, clock.monotonicMs());
    }
  }

  return bus.subscribe({
    channels: [CHANNELS.metrics],
    after: { [CHANNELS.metrics]: `${since}-0` },
    onMessage({ bytes }) {
      // Nobody waits for it here; who shares the process with the gateway must not keep that from sending.
      if (waiting.length === 0) atEndOfTurn(noteAll);
      waiting.push(bytes);
    },
  });
}
