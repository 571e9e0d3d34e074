/**
 * What may be lost of what is published. A *sample* is soon followed by another one; a *transition* is not. Every
 * container is told of again and again, changed or not: such a *repetition* says nothing that the transition before
 * it did not say, and in a long outage repetitions would push out alerts.
 */
import { type BusMessage, isSample, seriesKey } from '@pulsewire/shared-schema';
import type { OutgoingKind } from './outbox.js';

/** Beyond it all are forgotten: the next message of each counts as a transition again, which loses nothing. */
const MOST_CONTAINERS = 10_000;

/** The kind of each message, asked once for every one in the order of publishing. */
export function createOutgoingKinds(): (message: BusMessage) => OutgoingKind {
  const said = new Map<string, string>();
  return (message) => {
    if (message.type !== 'container_status') return isSample(message) ? 'sample' : 'transition';
    const series = seriesKey(message);
    const facts = JSON.stringify({ ...message.data, time: null });
    if (said.get(series) === facts) return 'sample';
    if (message.data.removed === true) said.delete(series);
    else {
      if (said.size >= MOST_CONTAINERS) said.clear();
      said.set(series, facts);
    }
    return 'transition';
  };
}
