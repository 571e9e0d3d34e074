/**
 * Finds in a channel's log what a sentinel of this host name said about an alert. Anybody may publish an alert that
 * names this host; ours are known by their `alert_id`, which only follows from the other fields if they are ours.
 * Nothing here throws, whatever the bytes.
 */
import { isoTime } from '@pulsewire/runtime';
import { ALERT_STATES, type Alert, LIMITS, METRIC_SOURCES, SEVERITIES } from '@pulsewire/shared-schema';
import { renderAlertId } from './alert-text.js';
import type { Place } from './subject.js';

export interface OwnAlert {
  data: Omit<Alert['data'], 'message' | 'time'>;
  startedMs: number;
  place: Place;
}

/** How the bus begins every alert that it encodes. Nearly all of a log is samples: they are not even read. */
export const ALERT_START = '{"type":"alert",';
const ALERT_START_BYTES = Buffer.from(ALERT_START);
const MAX_NAME_LENGTH = 256;
const MAX_RULE_LENGTH = 1024;
const MAX_METRIC_LENGTH = 64;
const MAX_MOUNT_LENGTH = 4096;

/** The shared parser is not used: its schema library would cost a collector more memory than all alerts. */
export function parseOwnAlert(bytes: Buffer, host: string): OwnAlert | null {
  if (bytes.length > LIMITS.maxPayloadBytes) return null;
  if (!bytes.subarray(0, ALERT_START_BYTES.length).equals(ALERT_START_BYTES)) return null;
  try {
    const { data } = JSON.parse(bytes.toString('utf8')) as { data?: unknown };
    return typeof data === 'object' && data !== null ? readAlert(data as Fields, host) : null;
  } catch {
    return null;
  }
}

type Fields = { [K in keyof Alert['data']]?: unknown };

function readAlert(fields: Fields, host: string): OwnAlert | null {
  if (fields.host !== host) return null;
  const rule = text(fields.rule, MAX_RULE_LENGTH);
  const state = ALERT_STATES.find((word) => word === fields.state);
  const severity = SEVERITIES.find((word) => word === fields.severity);
  const metricType = text(fields.metric_type, MAX_METRIC_LENGTH);
  const source = METRIC_SOURCES.find((word) => word === fields.source);
  const { value, threshold } = fields;
  const startedMs = Date.parse(String(fields.started_at));
  const place = readPlace(fields);
  if (rule === null || state === undefined || severity === undefined || metricType === null) return null;
  if (source === undefined || !isNumber(value) || !isNumber(threshold) || place === null) return null;
  if (Number.isNaN(startedMs) || isoTime(startedMs) !== fields.started_at) return null;
  if (fields.alert_id !== renderAlertId(host, rule, place, startedMs)) return null;
  const { container, containerId, mount, core } = place;
  return {
    startedMs,
    place,
    data: {
      alert_id: fields.alert_id,
      rule,
      state,
      severity,
      metric_type: metricType,
      source,
      value,
      threshold,
      started_at: fields.started_at,
      host,
      ...(container === undefined ? {} : { container }),
      ...(containerId === undefined ? {} : { container_id: containerId }),
      ...(mount === undefined ? {} : { mount }),
      ...(core === undefined ? {} : { core }),
    },
  };
}

/** `null` when a field is there and is not what a sentinel writes. */
function readPlace({ container, container_id: containerId, mount, core }: Fields): Place | null {
  const place: Place = {};
  if (container !== undefined) {
    const name = text(container, MAX_NAME_LENGTH);
    if (name === null) return null;
    place.container = name;
  }
  if (containerId !== undefined) {
    const id = text(containerId, MAX_NAME_LENGTH);
    if (id === null) return null;
    place.containerId = id;
  }
  if (mount !== undefined) {
    const path = text(mount, MAX_MOUNT_LENGTH);
    if (path === null) return null;
    place.mount = path;
  }
  if (core !== undefined) {
    if (!isNumber(core) || !Number.isInteger(core) || core < 0) return null;
    place.core = core;
  }
  return place;
}

/** Characters count as UTF-16 here, so that what passes is never too long for the schema. */
function text(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength ? value : null;
}

/** JSON knows numbers that JavaScript reads as infinite. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
