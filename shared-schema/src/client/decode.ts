/**
 * Text of a frame → what it is. The gateway has validated everything that it forwards, so this only makes sure
 * that what is handed on can be used without throwing; the full validators would cost a page 60 kB.
 */
import type { FeedMessage, FeedMessageType } from '../feed.js';
import type { BusMessage, BusMessageType } from '../messages.js';
import { LOG_ID_PATTERN } from '../words.js';

export type Decoded =
  | { kind: 'bus'; message: BusMessage }
  | { kind: 'feed'; message: FeedMessage }
  /** A type that this client does not know, or nothing that it could use. */
  | { kind: 'unknown' };

type FieldKind = 'string' | 'number' | 'object';
type Fields = Readonly<Record<string, FieldKind>>;

const BUS_FIELDS: Record<BusMessageType, Fields> = {
  system_metric: { time: 'string', metric_type: 'string', value: 'number', source: 'string', meta: 'object' },
  container_status: { container: 'string', status: 'string', time: 'string' },
  alert: { alert_id: 'string', state: 'string', severity: 'string', message: 'string', time: 'string' },
  database_status: { name: 'string', status: 'string', time: 'string' },
  check_result: { service_id: 'string', status: 'string', time: 'string' },
  service_status: { service_id: 'string', status: 'string', time: 'string' },
  incident: { incident_id: 'string', action: 'string', time: 'string' },
  log: { service: 'string', message: 'string', timestamp: 'string' },
};

const FEED_FIELDS: Record<FeedMessageType, Fields> = {
  hello: { heartbeat_ms: 'number', resumed: 'string', state: 'string', server_time: 'string' },
  snapshot: { phase: 'string' },
  error: { code: 'number', message: 'string', time: 'string' },
  status: { code: 'number', since: 'string', outage_ms: 'number' },
  notice: { reason: 'string', skipped: 'number' },
  pong: { t: 'number', server_time: 'string' },
};

const BUS = new Map<string, Fields>(Object.entries(BUS_FIELDS));
const FEED = new Map<string, Fields>(Object.entries(FEED_FIELDS));
const LOG_ID = new RegExp(LOG_ID_PATTERN);
const UNKNOWN: Decoded = { kind: 'unknown' };

/** Never throws, whatever the input. */
export function decode(payload: unknown): Decoded {
  if (typeof payload !== 'string') return UNKNOWN;
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return UNKNOWN;
  }
  if (!isObject(value) || typeof value['type'] !== 'string' || !isObject(value['data'])) return UNKNOWN;
  const { type, data, id } = value;
  const busFields = BUS.get(type as string);
  if (busFields !== undefined) {
    const usable = hasFields(data as Record<string, unknown>, busFields) && (id === undefined || isLogId(id));
    return usable ? { kind: 'bus', message: value as unknown as BusMessage } : UNKNOWN;
  }
  const feedFields = FEED.get(type as string);
  if (feedFields === undefined || !hasFields(data as Record<string, unknown>, feedFields)) return UNKNOWN;
  return { kind: 'feed', message: value as unknown as FeedMessage };
}

function hasFields(data: Record<string, unknown>, fields: Fields): boolean {
  for (const name in fields) {
    const value = data[name];
    if (fields[name] === 'object' ? !isObject(value) : typeof value !== fields[name]) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLogId(id: unknown): boolean {
  return typeof id === 'string' && LOG_ID.test(id);
}
