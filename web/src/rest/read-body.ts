/** Whether a body is what a route answers, as far as the pages rely on it: its lists are lists. */
import type {
  AlertList,
  ContainerEventList,
  ContainerList,
  LogList,
  MetricsHistory,
  SeriesList,
} from '@pulsewire/shared-schema/rest';
import type { ReadBody } from './rest-client.js';

/** `lists`: fields that must hold a list. The full validators would cost the page more than all of it. */
function readerOf<T>(...lists: (keyof T & string)[]): ReadBody<T> {
  return (body) => {
    if (typeof body !== 'object' || body === null) return null;
    const fields = body as Record<string, unknown>;
    return lists.every((name) => Array.isArray(fields[name])) ? (body as T) : null;
  };
}

export const readSeriesList = readerOf<SeriesList>('data');
export const readMetrics = readerOf<MetricsHistory>('series', 'gaps');
export const readAlerts = readerOf<AlertList>('data');
export const readContainers = readerOf<ContainerList>('data');
export const readContainerEvents = readerOf<ContainerEventList>('data');
export const readLogs = readerOf<LogList>('data');
