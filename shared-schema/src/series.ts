/**
 * Identity and routing of messages. A series is what a newer message replaces: one gauge, one container's
 * status, one alert. A log id is a position in a channel's log.
 */
import { comparePlaces, placeOf } from './log-place.js';
import type { BusMessage, BusMessageType } from './messages.js';
import { CHANNELS, type Channel, type Topic } from './names.js';

export const TOPIC_OF: Record<BusMessageType, Topic> = {
  system_metric: 'metrics',
  container_status: 'containers',
  alert: 'alerts',
  database_status: 'databases',
  check_result: 'events',
  service_status: 'events',
  incident: 'events',
  log: 'logs',
};

/** The channel on which messages of a topic are published. */
export const CHANNEL_OF: Record<Topic, Channel> = {
  metrics: CHANNELS.metrics,
  alerts: CHANNELS.metrics,
  containers: CHANNELS.metrics,
  databases: CHANNELS.metrics,
  events: CHANNELS.events,
  logs: CHANNELS.logs,
};

const SEPARATOR = '\u0000';

/** Key under which a newer message of the same kind replaces an older one. */
export function seriesKey(message: BusMessage): string {
  switch (message.type) {
    case 'system_metric': {
      const { metric_type, source, meta } = message.data;
      return key('m', source, metric_type, meta.host, meta.container, meta.mount, meta.core);
    }
    case 'container_status':
      return key('c', message.data.host, message.data.id ?? message.data.container);
    case 'alert':
      return key('a', message.data.alert_id);
    case 'database_status':
      return key('d', message.data.host, message.data.name);
    case 'check_result':
      return key('k', message.data.service_id);
    case 'service_status':
      return key('s', message.data.service_id);
    case 'incident':
      return key('i', message.data.incident_id);
    case 'log':
      return key('l', message.data.host, message.data.service, message.data.stream, message.data.seq);
  }
}

/** The host that a message speaks of, or `undefined` where it names none. */
export function hostOf(message: BusMessage): string | undefined {
  switch (message.type) {
    case 'system_metric':
      return message.data.meta.host;
    case 'container_status':
    case 'alert':
    case 'database_status':
    case 'log':
      return message.data.host;
    case 'check_result':
    case 'service_status':
    case 'incident':
      return undefined;
  }
}

/** The container that a message speaks of, or `undefined` where it names none. */
export function containerOf(message: BusMessage): string | undefined {
  switch (message.type) {
    case 'system_metric':
      return message.data.meta.container;
    case 'container_status':
    case 'alert':
      return message.data.container;
    case 'log':
      return message.data.service;
    case 'database_status':
    case 'check_result':
    case 'service_status':
    case 'incident':
      return undefined;
  }
}

/** When the thing happened, as the producer said: ISO 8601 UTC. */
export function timeOf(message: BusMessage): string {
  return message.type === 'log' ? message.data.timestamp : message.data.time;
}

/** A sample may be conflated (newest per series wins); everything else must arrive. */
export function isSample(message: BusMessage): boolean {
  return message.type === 'system_metric' || message.type === 'database_status';
}

/** Orders two log ids: negative when `a` comes first, 0 when equal. Both must be well-formed. */
export function compareLogIds(a: string, b: string): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

/** An absent part and an empty one are the same. Names of foreign producers may hold the separator itself. */
function key(...parts: (string | number | undefined)[]): string {
  for (const part of parts)
    if (typeof part === 'string' && part.includes(SEPARATOR))
      return JSON.stringify(parts.map((each) => each ?? ''));
  return parts.join(SEPARATOR);
}
