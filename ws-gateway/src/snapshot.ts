/**
 * What a client that connects must know before anything new happens: the newest message of every series, the
 * last status of every container and database, and every alert that is firing. What is over leaves: resolved
 * alerts and incidents, and removed or renamed containers together with their samples. Logs are not kept.
 */
import type { BusMessage, ContainerStatus } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import { createBoundedSeries, type SeriesBounds, type SeriesEntry } from './bounded-series.js';
import { wants } from './route.js';
import type { Selection } from './selection.js';

export interface Snapshot {
  note(arrival: Arrival): void;
  /** Epoch time since when the alert has been firing, or `null` when it is not. */
  firingSinceMs(alertId: string): number | null;
  /** Entries that the selection asks for, oldest first. Their payloads must be sent at once. */
  collect(selection: Selection): SeriesEntry[];
  clear(): void;
  size(): number;
  bytes(): number;
}

/** Samples and states are bounded apart, so that a flood of samples cannot push out a firing alert. */
const SAMPLE_BOUNDS: SeriesBounds = { maxEntries: 20_000, maxBytes: 32 * 1024 * 1024 };
const STATE_BOUNDS: SeriesBounds = { maxEntries: 10_000, maxBytes: 32 * 1024 * 1024 };

type Fate = 'keep' | 'forget' | 'ignore';

export function createSnapshot(bounds: { samples?: SeriesBounds; states?: SeriesBounds } = {}): Snapshot {
  const samples = createBoundedSeries(bounds.samples ?? SAMPLE_BOUNDS);
  const states = createBoundedSeries(bounds.states ?? STATE_BOUNDS);
  return {
    note(arrival) {
      const { message } = arrival;
      const kept = message.type === 'system_metric' ? samples : states;
      const fate = fateOf(message);
      if (fate === 'keep') kept.set(arrival);
      else if (fate === 'forget') kept.delete(arrival.series);
      if (message.type !== 'container_status') return;
      for (const name of goneNames(message))
        samples.deleteWhere((other) => isSampleOf(other, message.data.host, name));
    },
    firingSinceMs(alertId) {
      for (const { message } of states.entries())
        if (message.type === 'alert' && message.data.alert_id === alertId)
          return Date.parse(message.data.started_at);
      return null;
    },
    collect: (selection) =>
      [...samples.entries(), ...states.entries()]
        .filter(({ message }) => wants(selection, message))
        .sort((a, b) => a.seq - b.seq),
    clear() {
      for (const kept of [samples, states]) kept.deleteWhere(() => true);
    },
    size: () => samples.size() + states.size(),
    bytes: () => samples.bytes() + states.bytes(),
  };
}

function fateOf(message: BusMessage): Fate {
  switch (message.type) {
    case 'system_metric':
    case 'database_status':
    case 'check_result':
    case 'service_status':
      return 'keep';
    case 'container_status':
      return message.data.removed === true ? 'forget' : 'keep';
    case 'alert':
      return message.data.state === 'firing' ? 'keep' : 'forget';
    case 'incident':
      return message.data.action === 'resolved' ? 'forget' : 'keep';
    case 'log':
      return 'ignore';
  }
}

/** Container names whose samples mean nothing any more. */
function goneNames({ data }: ContainerStatus): string[] {
  const names = data.previous_name === undefined ? [] : [data.previous_name];
  return data.removed === true ? [...names, data.container] : names;
}

function isSampleOf(message: BusMessage, host: string | undefined, container: string): boolean {
  return (
    message.type === 'system_metric' &&
    message.data.meta.container === container &&
    message.data.meta.host === host
  );
}
