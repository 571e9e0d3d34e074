/**
 * Who receives what: pure, knows no sockets. A filter concerns the messages that can carry its field: `host`
 * and `container` let check results, service states and incidents pass, because those never name one; a sample
 * that could name a host and does not is not from the host that was asked for.
 */
import {
  type BusMessage,
  type BusMessageType,
  CHANNEL_OF,
  type Channel,
  containerOf,
  hostOf,
  TOPIC_OF,
} from '@pulsewire/shared-schema';
import type { Selection } from './selection.js';

/** Which filters can say something about a message type. */
const CARRIES: Record<BusMessageType, { host: boolean; container: boolean }> = {
  system_metric: { host: true, container: true },
  container_status: { host: true, container: true },
  alert: { host: true, container: true },
  database_status: { host: true, container: false },
  check_result: { host: false, container: false },
  service_status: { host: false, container: false },
  incident: { host: false, container: false },
  log: { host: true, container: true },
};

/** The channel on which messages of this kind travel. */
export function channelOf(message: BusMessage): Channel {
  return CHANNEL_OF[TOPIC_OF[message.type]];
}

/** The channels whose logs hold what a selection asks for. */
export function channelsOf(selection: Selection): Channel[] {
  return [...new Set([...selection.topics].map((topic) => CHANNEL_OF[topic]))];
}

/** True when a client with this selection receives the message. */
export function wants(selection: Selection, message: BusMessage): boolean {
  if (!selection.topics.has(TOPIC_OF[message.type])) return false;
  if (selection.metricTypes !== null && message.type === 'system_metric')
    if (!selection.metricTypes.has(message.data.metric_type)) return false;
  const carries = CARRIES[message.type];
  return (
    (!carries.host || passes(selection.hosts, hostOf(message))) &&
    (!carries.container || passes(selection.containers, containerOf(message)))
  );
}

function passes(names: ReadonlySet<string> | null, name: string | undefined): boolean {
  return names === null || (name !== undefined && names.has(name));
}
