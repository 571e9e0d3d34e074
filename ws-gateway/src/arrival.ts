/**
 * An arrival is a message of the bus that was accepted: validated once, numbered, never changed afterwards.
 * `seq` numbers the arrivals of this gateway; it has nothing to do with ids, which belong to a channel's log.
 */

import type { Delivery } from '@pulsewire/runtime';
import {
  type BusMessage,
  type Channel,
  isSample,
  type ParseErrorCode,
  seriesKey,
} from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { BUS_DATA_SCHEMAS } from '@pulsewire/shared-schema/schemas';
import type { KnownSamples } from './known-samples.js';

export interface Arrival {
  seq: number;
  channel: Channel;
  /** Position in the channel's log, or `null` for a foreign message. */
  id: string | null;
  /** What the schemas know of it; everything else is in the payload only. */
  message: BusMessage;
  /** The bytes as published. */
  payload: Buffer;
  series: string;
  /** May be conflated: a newer one of the same series replaces it. */
  sample: boolean;
  /** Monotonic time of receipt. */
  receivedMs: number;
}

export type Acceptance = { ok: true; arrival: Arrival } | { ok: false; reason: ParseErrorCode };

type Fields = ReadonlySet<string>;

const KNOWN_FIELDS: ReadonlyMap<string, Fields> = new Map(
  Object.entries(BUS_DATA_SCHEMAS).map(([type, { properties }]) => [type, new Set(Object.keys(properties))]),
);
const KNOWN_META_FIELDS: Fields = new Set(
  Object.keys(BUS_DATA_SCHEMAS.system_metric.properties.meta.properties),
);
const NO_FIELDS: Fields = new Set();

/** Validates a delivery. Never throws, whatever the bytes. With `known`, repeated samples take less time. */
export function acceptDelivery(
  delivery: Pick<Delivery, 'channel' | 'id' | 'bytes'>,
  seq: number,
  receivedMs: number,
  known?: KnownSamples,
): Acceptance {
  const { channel, id, bytes } = delivery;
  const repeated = known?.find(bytes, id) ?? null;
  if (repeated !== null) {
    const { message, series } = repeated;
    const arrival = { seq, channel, id, message, payload: bytes, series, sample: true, receivedMs };
    return { ok: true, arrival };
  }
  const parsed = parseBusMessage(bytes);
  if (!parsed.ok) return { ok: false, reason: parsed.error.code };
  const message = withKnownFields(parsed.message);
  const series = seriesKey(message);
  const sample = isSample(message);
  if (message.type === 'system_metric') known?.note(bytes, id, { message, series });
  return { ok: true, arrival: { seq, channel, id, message, payload: bytes, series, sample, receivedMs } };
}

/**
 * Arrivals are kept by the thousand and bounded by the size of their payloads. Unknown fields would escape that
 * bound: 64 KiB of `[{},{},…]` are more than a megabyte of objects.
 */
function withKnownFields({ type, data }: BusMessage): BusMessage {
  const known = KNOWN_FIELDS.get(type) ?? NO_FIELDS;
  if (type !== 'system_metric') return { type, data: pick(data, known) } as BusMessage;
  const meta = pick(data.meta, KNOWN_META_FIELDS);
  const picked = pick(data, known);
  return { type, data: meta === data.meta ? picked : { ...picked, meta } };
}

/** The object itself when it has no other fields, as nearly all have. */
function pick<T extends object>(from: T, names: Fields): T {
  for (const name in from)
    if (!names.has(name))
      return Object.fromEntries(Object.entries(from).filter(([key]) => names.has(key))) as T;
  return from;
}

export function payloadBytes(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((bytes, { payload }) => bytes + payload.length, 0);
}
