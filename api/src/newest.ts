/**
 * The newest message of every series of the machines. Bounded: what was not renewed for longest leaves first, and
 * what was not renewed for a day.
 */
import {
  type BusMessage,
  type ContainerStatus,
  type DatabaseStatus,
  type SystemMetric,
  seriesKey,
} from '@pulsewire/shared-schema';

export type NewestMessage = SystemMetric | ContainerStatus | DatabaseStatus;

export interface Newest {
  /** `nowMs` is of a monotonic clock. */
  note(message: BusMessage, nowMs: number): void;
  messages(): NewestMessage[];
}

const REMEMBERED_MS = 86_400_000;
const MAX_SERIES = 50_000;

export function createNewest(maxSeries: number = MAX_SERIES): Newest {
  /** In the order of their renewal. */
  const entries = new Map<string, { message: NewestMessage; atMs: number }>();

  function keep(key: string, message: NewestMessage, nowMs: number): void {
    entries.delete(key);
    entries.set(key, { message, atMs: nowMs });
    for (const [oldest, { atMs }] of entries) {
      if (entries.size <= maxSeries && nowMs - atMs <= REMEMBERED_MS) return;
      entries.delete(oldest);
    }
  }

  function noteContainer(message: ContainerStatus, nowMs: number): void {
    const { container, host, id, previous_name, removed } = message.data;
    if (previous_name !== undefined) entries.delete(containerKey(host, previous_name));
    const key = containerKey(host, container);
    const known = entries.get(key)?.message;
    // A container that was made anew under the name is another one, and stays.
    const isOther = known?.type === 'container_status' && known.data.id !== id;
    if (removed !== true) keep(key, message, nowMs);
    else if (!isOther) entries.delete(key);
  }

  return {
    note(message, nowMs) {
      if (message.type === 'container_status') noteContainer(message, nowMs);
      else if (message.type === 'system_metric' || message.type === 'database_status')
        keep(seriesKey(message), message, nowMs);
    },
    messages: () => [...entries.values()].map(({ message }) => message),
  };
}

/** By name, because that is what a reader takes for the same container. */
function containerKey(host: string | undefined, name: string): string {
  return JSON.stringify(['container', host ?? '', name]);
}
